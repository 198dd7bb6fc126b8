import { type ZipAttributes, zipSync } from 'fflate';

/** ZIP has no earlier time. The fields are those of the local clock, so the same ones come out in every time zone. */
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
/** Lambda wants code that everybody may read: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html. */
const MODE = 0o100644;

/**
 * The ZIP archive of one file: the same bytes on every machine. The modes are in it, so that they do not depend on the umask of
 * whoever installs the package; and the compressor is written in JavaScript, because zlib's output differs between processors.
 */
export function zipOf(name: string, content: Uint8Array): Uint8Array {
  const attributes: ZipAttributes = { mtime: EPOCH, os: UNIX, attrs: MODE * 2 ** 16 };
  return zipSync({ [name]: [content, attributes] }, { level: 6 });
}
