import { LocalCloudError } from '../errors';
import { complain } from './printable';
import { Style } from './style';

/** Tells an error as what happened and what to do; its stack trace only with DEBUG. */
export function report(error: unknown): void {
  const style = Style.of(process.stderr);
  if (error instanceof LocalCloudError) {
    complain(`\n${style.red('✘')} ${error.what}\n  ${style.bold('What to do:')} ${error.mend}`);
  } else {
    complain(`\n${style.red('✘')} ${error instanceof Error ? error.message : String(error)}\n  ${style.bold('What to do:')} Run it with DEBUG=1 and look at the stack trace.`);
  }
  if ((process.env.DEBUG ?? '') !== '' && error instanceof Error) complain(style.dim(error.stack ?? ''));
}
