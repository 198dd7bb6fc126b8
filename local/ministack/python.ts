import { spawnSync } from 'node:child_process';
import { InstallError } from '../errors';

export interface Python {
  readonly command: string;
  readonly version: string;
  /** Whether its own pip can install into another environment, which saves installing a second pip. */
  readonly pipInstallsElsewhere: boolean;
}

const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const MINIMUM = [3, 10] as const;
/** `pip --python` came with this version. */
const PIP_MINIMUM = [22, 3] as const;
const PROBE = `
import json, sys
try:
    from pip import __version__ as pip
except Exception:
    pip = '0.0'
print(json.dumps({'version': '%d.%d.%d' % sys.version_info[:3], 'pip': pip}))
`;

const HOW_TO_GET = process.platform === 'darwin'
  ? 'Install one with `brew install python`, or from https://www.python.org/downloads/, and run this again.'
  : 'Install one (Debian, Ubuntu: `sudo apt install python3 python3-venv`; Fedora: `sudo dnf install python3`), and run this again.';

/** The first Python on the PATH that the emulator runs on. */
export function findPython(env: Readonly<Record<string, string>>): Python {
  const tooOld: string[] = [];
  for (const command of CANDIDATES) {
    // Isolated: without -I, Python loads modules from the current folder and PYTHONPATH.
    const probe = spawnSync(command, ['-I', '-c', PROBE], { env, encoding: 'utf8', timeout: 20_000 });
    if (probe.status !== 0) continue;
    const { version, pip } = JSON.parse(probe.stdout) as { version: string; pip: string };
    if (isAtLeast(version, MINIMUM)) return { command, version, pipInstallsElsewhere: isAtLeast(pip, PIP_MINIMUM) };
    tooOld.push(`${command} is ${version}`);
  }
  throw new InstallError(
    `The emulator needs Python ${MINIMUM.join('.')} or later, and there is none on the PATH${tooOld.length > 0 ? ` (${tooOld.join(', ')})` : ''}.`,
    `${HOW_TO_GET} Or set AWS_ENDPOINT_URL to an emulator that runs already (\`docker compose up\` starts one).`,
  );
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [have, haveMinor] = version.split('.').map(Number);
  return have > major || (have === major && haveMinor >= minor);
}
