import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const staying = (...args: string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'staying.ts'), ...args], { cwd: join(__dirname, '..', '..') });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const exit = once(child, 'exit').then(([code]) => ({ code, said }));
  return { child, exit, started: once(child.stdout, 'data') };
};

test('the demo stays up although nothing else keeps its process alive, and ends when it is interrupted', async () => {
  const { child, exit, started } = staying();
  await started;
  const early = await Promise.race([exit, new Promise((resolve) => { setTimeout(resolve, 500); })]);
  expect(early).toBeUndefined();
  child.kill('SIGINT');
  expect(await exit).toEqual({ code: 0, said: 'up\ndown\n' });
});

test('where the emulator ends it says so, and fails', async () => {
  expect(await staying('ends').exit).toEqual({ code: 1, said: 'up\nThe emulator has ended, and with it what was deployed. Run the demo again.\n' });
});
