import type { Mail } from '../logs/mail';
import { printable } from './printable';
import type { Style } from './style';
import { timeOfDay } from './time';

/** Fields that every record of Powertools has, or that the line shows in its own way. */
const LEFT_OUT = new Set([
  'level', 'message', 'msg', 'timestamp', 'time', 'service', 'function_name', 'function_arn', 'function_memory_size',
  'function_request_id', 'cold_start', 'xray_trace_id', 'sampling_rate', 'correlation_id', 'requestId', 'logger',
]);
/** What the runtime says around every invocation. */
const RUNTIME = /^(START|END|REPORT|INIT_START) (RequestId|Runtime)/;
/** Node's own prefix of a console line: time, request, level. */
const CONSOLE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t\S+\t(\w+)\t([\s\S]*)$/;
const LONGEST_FIELD = 120;

/** A record of a function's log on one line, or nothing where it tells nothing to a reader. */
export function logLine(timestamp: number, name: string, message: string, style: Style): string | undefined {
  const text = message.trimEnd();
  if (text === '' || RUNTIME.test(text)) return undefined;
  const [, consoleLevel, consoleText] = CONSOLE.exec(text) ?? [];
  const record = parse(consoleText ?? text);
  // Embedded metrics are for CloudWatch.
  if (record !== undefined && '_aws' in record) return undefined;
  const level = printable(String(record?.level ?? consoleLevel ?? '')).toUpperCase();
  const words = record === undefined ? lines(consoleText ?? text) : printable(String(record.message ?? record.msg ?? ''));
  const fields = Object.entries(record ?? {}).filter(([key]) => !LEFT_OUT.has(key)).map(([key, value]) => style.dim(`${printable(key)}=${printable(shorten(value))}`));
  return [style.dim(timeOf(timestamp)), style.cyan(name.padEnd(16)), colour(level.padEnd(5), style), words, ...fields].join(' ').trimEnd();
}

/** A mail that was not sent, on one line: its code is what somebody waits for. */
export function mailLine(timestamp: number, { to, subject, text }: Mail, style: Style): string {
  const words = [subject, text].map((part) => part.replace(/\s+/g, ' ').trim()).filter((part) => part !== '').join(': ');
  return `${style.dim(timeOf(timestamp))} ${style.cyan('mail'.padEnd(16))} ${style.dim(`to ${printable(to.join(', '))}`)} ${printable(words)}`;
}

/** A plain text may have several lines, such as a stack trace. */
function lines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** An error by its name and message: its stack is in the log group. */
function shorten(value: unknown): string {
  const error = value as { name?: unknown; message?: unknown } | null;
  const text = typeof value === 'object' && error !== null && typeof error.message === 'string'
    ? `${String(error.name ?? 'Error')}: ${error.message}`
    : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_FIELD ? `${text.slice(0, LONGEST_FIELD)}…` : text;
}

function timeOf(timestamp: number): string {
  const at = new Date(timestamp);
  return `${timeOfDay(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function colour(level: string, style: Style): string {
  if (/ERROR|CRITICAL|FATAL/.test(level)) return style.red(level);
  return /WARN/.test(level) ? style.yellow(level) : style.dim(level);
}
