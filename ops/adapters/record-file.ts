import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OpsError } from '../errors';
import type { RecordFile } from '../ports';

/** Only its owner may read it: it holds ballots. */
const OWNER_ONLY = 0o600;
const GROUP_OR_WORLD = 0o077;
const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;
// Undefined on Windows. Without O_NONBLOCK, opening a named pipe would wait for its other end.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as { readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number };

export function recordFile(name: string): RecordFile {
  const path = resolve(name);
  return {
    path,
    async append(records) {
      try {
        // eslint-disable-next-line no-bitwise -- flags are a set of bits
        const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, OWNER_ONLY);
        try {
          await requireOwn(file, path);
          await file.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
          await file.sync();
        } finally {
          await file.close();
        }
      } catch (error) {
        if (error instanceof OpsError) throw error;
        throw new OpsError(`The record ${path} cannot be written: ${(error as Error).message}`, 'Name another file with --record. What was not written down was not deleted.', { cause: error });
      }
    },
    async read() {
      try {
        // eslint-disable-next-line no-bitwise -- flags are a set of bits
        const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        try {
          await requireOwn(file, path);
          return (await file.readFile('utf8')).split('\n').flatMap(parsed);
        } finally {
          await file.close();
        }
      } catch (error) {
        if (error instanceof OpsError) throw error;
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw new OpsError(`The record ${path} cannot be read: ${(error as Error).message}`, 'Name another file with --record.', { cause: error });
      }
    },
  };
}

/** In a shared folder, another user could have created the file: to read the ballots, or to plant progress that was never made. */
async function requireOwn(file: FileHandle, path: string): Promise<void> {
  const stats = await file.stat();
  const user = process.getuid?.();
  // eslint-disable-next-line no-bitwise -- a mode is a set of bits
  const shared = (stats.mode & GROUP_OR_WORLD) !== 0;
  if (!stats.isFile() || user !== undefined && (stats.uid !== user || shared)) {
    const why = !stats.isFile() ? 'is no regular file' : stats.uid === user ? 'can be read or written by other users' : `belongs to another user (${stats.uid})`;
    throw new OpsError(`The record ${path} ${why}.`, 'Name a file of your own with --record, with mode 0600. Nothing was written to it.');
  }
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
