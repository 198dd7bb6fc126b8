/**
 * Runs a Python module that ends with its parent, however that ends: its standard input is a pipe that nobody writes to, and its
 * closing means that the parent is gone. Then the folder of unpacked functions goes and the whole process group is killed,
 * the functions' processes with it.
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

threading.Thread(target=end_with_parent, daemon=True).start()
module = sys.argv[1]
sys.argv = sys.argv[1:]
runpy.run_module(module, run_name='__main__', alter_sys=True)
`;

export function launcherArgs(module: string, ...args: readonly string[]): string[] {
  return ['-s', '-c', LAUNCHER, module, ...args];
}
