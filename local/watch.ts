import { createHash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, statSync, watch as watchFolder } from 'node:fs';
import { join, relative } from 'node:path';

/** What tools write and nobody edits. */
const IGNORED = /^(node_modules|cdk\.out|cdk\.context\.json|coverage|__pycache__|\..*)$|\.(log|tsbuildinfo|pyc|swp|tmp)$|~$/;
const DEBOUNCE_MS = 120;
const LARGEST_HASHED = 4 * 1024 * 1024;

export interface Watcher {
  close(): void;
}

/**
 * Tells which files of an app's folder changed, once a burst of changes is over. A file that was written with the content it had is
 * no change: a synthesis that builds into the app's folder must not set off the next one.
 */
export function watch(root: string, onChange: (files: string[]) => void, exclude: ReadonlyArray<string> = []): Watcher {
  const watchers = new Map<string, FSWatcher>();
  const contents = new Map<string, string>();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const ignored = (path: string): boolean => path.split('/').some((name) => IGNORED.test(name)) || exclude.some((pattern) => matchesGlob(path, pattern));

  const add = (folder: string): void => {
    if (watchers.has(folder)) return;
    try {
      const watcher = watchFolder(folder, (_, name) => {
        if (name !== null) touch(join(folder, name));
      });
      watcher.on('error', () => drop(folder));
      watchers.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (ignored(relative(root, path))) continue;
        if (entry.isDirectory()) add(path);
        else if (!contents.has(path)) contents.set(path, fingerprint(path));
      }
    } catch {
      // The folder went while it was looked at.
      drop(folder);
    }
  };

  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  const touch = (path: string): void => {
    if (ignored(relative(root, path))) return;
    touched.add(path);
    clearTimeout(timer);
    timer = setTimeout(settle, DEBOUNCE_MS);
  };

  const settle = (): void => {
    const changed: string[] = [];
    const appeared: string[] = [];
    for (const path of touched) {
      const now = fingerprint(path);
      if (now === 'folder') {
        appeared.push(path);
        continue;
      }
      if (now === 'gone') drop(path);
      if (now === (contents.get(path) ?? 'gone')) continue;
      contents.set(path, now);
      changed.push(relative(root, path));
    }
    touched.clear();
    for (const folder of appeared) {
      const before = new Set(contents.keys());
      add(folder);
      changed.push(...[...contents.keys()].filter((path) => !before.has(path)).map((path) => relative(root, path)));
    }
    if (changed.length > 0) onChange(changed.sort());
  };

  add(root);
  return {
    close: () => {
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}

function fingerprint(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    if (statSync(path).isDirectory()) return 'folder';
    return size > LARGEST_HASHED ? `${size} ${mtimeMs}` : createHash('sha1').update(readFileSync(path)).digest('hex');
  } catch {
    return 'gone';
  }
}

/** The patterns of cdk.json's `watch.exclude`: `*` within a name, `**` over folders. A pattern without a slash is for any folder's file. */
function matchesGlob(path: string, pattern: string): boolean {
  const regexp = pattern.split(/(\*\*\/?|\*)/).map((part) => {
    if (part === '*') return '[^/]*';
    return part.startsWith('**') ? '.*' : part.replace(/[.+^${}()|[\]\\?]/g, '\\$&');
  }).join('');
  return new RegExp(`${pattern.includes('/') ? '^' : '(^|/)'}${regexp}(/|$)`).test(path);
}
