import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside this module in the repository, and beside the bundle in the package. */
export const REQUIREMENTS_FILE = join(__dirname, 'requirements.txt');

/** The release that the table of stand-ins and the list of supported types were made for. */
export function pinnedVersion(requirements: string = readFileSync(REQUIREMENTS_FILE, 'utf8')): string {
  return /^ministack==(\S+)/m.exec(requirements)?.[1] ?? 'unknown';
}

/** Names the installed environment: another pin is another folder. */
export function requirementsKey(): string {
  return createHash('sha256').update(readFileSync(REQUIREMENTS_FILE)).digest('hex').slice(0, 12);
}
