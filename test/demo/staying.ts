import { stayUp } from '../../examples/demo/stay';

/** A process that has nothing to do but to stay, until it is interrupted or what it stays for ends. */
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const ended = process.argv[2] === 'ends' ? Promise.resolve() : new Promise<void>(() => undefined);
process.stdout.write('up\n');
stayUp(ended, interrupted.signal).then(() => process.stdout.write('down\n'), (error: Error) => {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
});
