import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What Lambda's Node runtimes bring along. Nothing else of the app's packages may be found by a function, as none is on AWS. */
const SCOPES = ['@aws-sdk', '@smithy'];

/**
 * A folder for NODE_PATH with the SDK that the app has installed, standing in for the runtime's own: functions that leave the SDK out
 * of their bundle, as `NodejsFunction` does unless told otherwise, find it there. Nothing where the app has none.
 */
export function linkRuntimeSdk(directory: string, runFolder: string): string | undefined {
  const target = join(runFolder, 'runtime', 'node_modules');
  let linked = false;
  for (const scope of SCOPES) {
    const found = findUpwards(directory, join('node_modules', scope));
    if (found === undefined) continue;
    mkdirSync(target, { recursive: true });
    symlinkSync(found, join(target, scope), 'junction');
    linked = true;
  }
  return linked ? target : undefined;
}

function findUpwards(directory: string, name: string): string | undefined {
  for (let at = resolve(directory); ; at = dirname(at)) {
    if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return undefined;
  }
}
