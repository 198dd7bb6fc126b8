import { LocalCloudError } from '../errors';
import { Style } from './style';

/** Tells an error as what happened and what to do; its stack trace only with DEBUG. */
export function report(error: unknown): void {
  const style = Style.of(process.stderr);
  if (error instanceof LocalCloudError) {
    console.error(`\n${style.red('✘')} ${error.what}\n  ${style.bold('What to do:')} ${error.mend}`);
  } else {
    console.error(`\n${style.red('✘')} ${error instanceof Error ? error.message : String(error)}\n  ${style.bold('What to do:')} Run it with DEBUG=1 and look at the stack trace.`);
  }
  if ((process.env.DEBUG ?? '') !== '' && error instanceof Error) console.error(style.dim(error.stack ?? ''));
}
