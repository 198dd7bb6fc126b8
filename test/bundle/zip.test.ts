import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { zipOf } from '../../projenrc/bundle/zip';

const content = Buffer.from('exports.handler = async () => 1;\n'.repeat(100));
const archive = Buffer.from(zipOf('index.js', content));

/** The record of the only file in the central directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12. */
const entry = archive.subarray(archive.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])));

test('gives everybody the right to read the file, whatever the umask of the machine is', () => {
  expect(entry.readUInt8(5)).toBe(3); // made on Unix: the upper half of the attributes is the mode
  expect((entry.readUInt32LE(38) / 2 ** 16).toString(8)).toBe('100644');
});

test('is the same at every time and in every time zone', () => {
  expect([entry.readUInt16LE(12), entry.readUInt16LE(14)]).toEqual([0, 33]); // midnight of 1980-01-01: month 1 * 32 + day 1
  expect(Buffer.from(zipOf('index.js', content)).equals(archive)).toBe(true);
});

test('is the same on every machine: another hash here means that every asset of every consumer is uploaded again', () => {
  expect(createHash('sha256').update(archive).digest('hex')).toBe('327c70407451c2127b8c592b8aac9f5c59a2cebae23c0b05de1d8bc6a216e6de');
});

test('holds the file', () => {
  const start = 30 + archive.readUInt16LE(26) + archive.readUInt16LE(28);
  expect(inflateRawSync(archive.subarray(start, start + entry.readUInt32LE(20))).equals(content)).toBe(true);
});
