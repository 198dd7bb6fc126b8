import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from './options';

/** Licences that let a bundle contain the code if their text, or nothing, goes with it. Another one is a decision: read it first. */
const ACCEPTED_LICENSES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];
/** What stands for the text of a package that ships none: these licences ask for no notice, or are this package's own. */
const STAND_INS: Record<string, string> = {
  '0BSD': 'The 0BSD licence asks for no notice.',
  'MIT-0': 'The MIT-0 licence asks for no notice.',
  'Apache-2.0': 'The text of the Apache License, Version 2.0 is in the file LICENSE.',
};
const TEXT_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
const NOTICE_FILE = /^notice(\.(md|txt))?$/i;

/** A package of which at least one file is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
  readonly notice?: string;
}

/** The folders of the packages whose files esbuild read, innermost `node_modules` first. */
export function packageFolders(metafiles: Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ inputs: files }) => Object.keys(files));
  const folders = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter((folder) => folder !== undefined);
  return [...new Set(folders)].sort();
}

/** Reads the licence of a package. Refuses one that is not accepted, or whose text is not there to be shipped. */
export function readBundledPackage(root: string, folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  if (!ACCEPTED_LICENSES.includes(license)) {
    throw new Error(`${name}@${version} is bundled under the licence ${JSON.stringify(license)}, which projenrc/bundle/notices.ts does not accept\n  fix: use another package, or accept the licence after reading it`);
  }
  const files = readdirSync(join(root, folder)).sort();
  const read = (pattern: RegExp) => {
    const file = files.find((candidate) => pattern.test(candidate));
    return file === undefined ? undefined : readFileSync(join(root, folder, file), 'utf8').replace(/\r\n/g, '\n').trim();
  };
  const text = read(TEXT_FILE) ?? STAND_INS[license];
  if (text === undefined) throw new Error(`${name}@${version} is bundled and has no licence text in ${folder}\n  fix: use another package, or ask its authors for the file`);
  return { name, version, license, text, notice: read(NOTICE_FILE) };
}

/** The notices of all packages, each licence text once. The same for every machine that has installed the same lockfile. */
export function noticesOf(packages: BundledPackage[]): string {
  const byText = new Map<string, BundledPackage[]>();
  for (const each of packages) byText.set(each.text, [...byText.get(each.text) ?? [], each]);
  const title = ({ name, version, license }: BundledPackage) => `${name}@${version} (${license})`;
  const sections = [...byText].map(([text, users]) => [
    ...[...new Set(users.map(title))].sort(),
    '',
    text,
    ...users.filter(({ notice }) => notice !== undefined).map(({ name, notice }) => `\nNOTICE of ${name}:\n\n${notice}`),
  ].join('\n'));
  const line = '-'.repeat(80);
  return [
    'The functions (assets/), trinity-local (lib-local/) and trinity-ops (lib-ops/) contain code of the following packages.',
    ...sections.sort(),
  ].join(`\n\n${line}\n\n`) + '\n';
}

/** Writes THIRD_PARTY_NOTICES, which the package ships beside the bundles that it is about. */
export function writeNotices(metafiles: Metafile[], root: string = ROOT): number {
  const packages = packageFolders(metafiles).map((folder) => readBundledPackage(root, folder));
  if (!existsSync(join(root, 'NOTICE'))) throw new Error('NOTICE is missing: run `npx projen`');
  writeFileSync(join(root, 'THIRD_PARTY_NOTICES'), noticesOf(packages));
  return packages.length;
}
