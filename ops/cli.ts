import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Style } from '../local/terminal/style';
import { connect } from './adapters/connect';
import { askOn } from './adapters/question';
import { recordFile } from './adapters/record-file';
import { main } from './commands/main';
import { Interruption, STOP_SIGNALS } from './interruption';
import { chooseWhere } from './where';

// A reader that went, as `head` does, is no reason to complain.
process.stdout.on('error', () => undefined);

// The SDK is bundled: it asks the wrong person for another Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const interruption = new Interruption();
for (const signal of STOP_SIGNALS) {
  process.on(signal, () => {
    // Who asks twice wants no more waiting. Held messages are then seen again when their time is up.
    if (!interruption.interrupt(signal)) process.exit(interruption.interrupted!.exitStatus);
    process.stderr.write('Stopping after the step that has begun; once more stops at once\n');
  });
}

void main(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  ask: process.stdin.isTTY && process.stderr.isTTY ? askOn(process.stdin, process.stderr) : undefined,
  style: Style.of(process.stdout),
  now: Date.now,
  sleep: (ms) => setTimeout(ms, undefined, { signal: interruption.signal }),
  salt: randomUUID(),
  directory: process.cwd(),
  debug: (process.env.DEBUG ?? '') !== '',
  connect: (options) => connect(chooseWhere(options, process.env)),
  interruption,
  recordFile,
}).then((status) => { process.exitCode = status; });
