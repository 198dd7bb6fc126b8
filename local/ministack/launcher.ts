import { join } from 'node:path';

/** The Python folder that starts the emulator behind the guard. It is beside this module in the repository and beside the bundle in the package. */
export const EMULATOR = join(__dirname, 'emulator');

/**
 * Runs a Python module, or a folder with a `__main__.py`, that ends with its parent, however that ends: its standard input is a pipe that
 * nobody writes to, and its closing means that the parent is gone. Then the folder of unpacked functions goes and the whole process group
 * is killed, the functions' processes with it. The umask keeps other users out of the files of the program and its children.
 */
const LAUNCHER = `
import os, runpy, shutil, signal, sys, threading

def end_with_parent():
    while os.read(0, 4096):
        pass
    if os.environ.get('TRINITY_LOCAL_TEMPORARY'):
        shutil.rmtree(os.environ['TRINITY_LOCAL_TEMPORARY'], ignore_errors=True)
    if hasattr(os, 'killpg'):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)

os.umask(0o077)
threading.Thread(target=end_with_parent, daemon=True).start()
program = sys.argv[1]
sys.argv = sys.argv[1:]
if os.path.isdir(program):
    # No bytecode in the package's folder. The program resets this for everything else.
    sys.dont_write_bytecode = True
    runpy.run_path(program, run_name='__main__')
else:
    runpy.run_module(program, run_name='__main__', alter_sys=True)
`;

export function launcherArgs(program: string, ...args: readonly string[]): string[] {
  // Isolated: Python loads nothing from the current folder, PYTHONPATH or the user's site-packages.
  return ['-I', '-u', '-c', LAUNCHER, program, ...args];
}
