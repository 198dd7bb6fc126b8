import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OpsError } from '../errors';
import type { RecordFile } from '../ports';

/** Only its owner may read it: it holds ballots. */
const OWNER_ONLY = 0o600;

export function recordFile(name: string): RecordFile {
  const path = resolve(name);
  return {
    path,
    async append(records) {
      try {
        const file = await open(path, 'a', OWNER_ONLY);
        try {
          await file.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        throw new OpsError(`The record ${path} cannot be written: ${(error as Error).message}`, 'Name another file with --record. What was not written down was not deleted.', { cause: error });
      }
    },
    async read() {
      try {
        return (await readFile(path, 'utf8')).split('\n').flatMap(parsed);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw new OpsError(`The record ${path} cannot be read: ${(error as Error).message}`, 'Name another file with --record.', { cause: error });
      }
    },
  };
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
