import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCloud } from '../../local/commands/report';
import { report } from '../../local/terminal/failure';
import { logLine, mailLine } from '../../local/terminal/log-line';
import { onScreen, printable } from '../../local/terminal/printable';
import { ProgressLines } from '../../local/terminal/progress';
import { duration, Style } from '../../local/terminal/style';
import { table, wrap } from '../../local/terminal/table';

const plain = new Style(false);
const AT = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();

test('a structured record is one line: time, function, level, message, its own fields', () => {
  const record = { level: 'INFO', message: 'Vote taken', service: 'voting', timestamp: 'now', cold_start: true, pollId: 'p1', retry: { after: 2 } };
  expect(logLine(AT, 'Voting/Cast', JSON.stringify(record), plain)).toBe('03:04:05.006 Voting/Cast      INFO  Vote taken pollId=p1 retry={"after":2}');
});

test('an error is its name and message, not its stack', () => {
  const record = { level: 'ERROR', message: 'Failed', error: { name: 'TypeError', message: 'no', stack: 'at…' } };
  expect(logLine(AT, 'Fn', JSON.stringify(record), plain)).toBe('03:04:05.006 Fn               ERROR Failed error=TypeError: no');
});

test('plain text and console lines are shown as they are', () => {
  expect(logLine(AT, 'Fn', 'hello\n', plain)).toBe('03:04:05.006 Fn                     hello');
  expect(logLine(AT, 'Fn', '2026-01-02T03:04:05.006Z\tid-1\tWARN\tcareful', plain)).toBe('03:04:05.006 Fn               WARN  careful');
  expect(logLine(AT, 'Fn', '{ not json', plain)).toContain('{ not json');
});

test.each(['START RequestId: 1 Version: $LATEST', 'END RequestId: 1', 'REPORT RequestId: 1\tDuration: 1 ms', '{"_aws":{},"Errors":1}', '  '])('%s tells nothing', (message) => {
  expect(logLine(AT, 'Fn', message, plain)).toBeUndefined();
});

test('a mail that was not sent is one line, with its code', () => {
  const mail = { to: ['ann@people.example'], subject: 'Your code', text: 'The code is\n  123456 ' };
  expect(mailLine(AT, mail, plain)).toBe('03:04:05.006 mail             to ann@people.example Your code: The code is 123456');
});

test('long fields are cut', () => {
  expect(logLine(AT, 'Fn', JSON.stringify({ message: 'm', big: 'x'.repeat(500) }), plain)!.length).toBeLessThan(200);
});

test('columns are as wide as their widest cell, whatever its colour', () => {
  expect(table([['a', '1'], [new Style(true).green('long'), '2']], '').map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(['a     1', 'long  2']);
});

test('texts are wrapped at words', () => {
  expect(wrap('one two three four', '  ', 10)).toEqual(['  one two', '  three', '  four']);
});

test('durations are read at a glance', () => {
  expect([duration(12.4), duration(999), duration(2149)]).toEqual(['12 ms', '999 ms', '2.1 s']);
});

test('without a terminal, each phase is a line when it is done, and notes are lines', () => {
  const written: string[] = [];
  const lines = new ProgressLines({ write: (text) => written.push(text) }, plain, () => 0);
  lines.show({ phase: 'install', state: 'begun', message: 'Looking' });
  lines.show({ phase: 'install', state: 'note', message: 'Fetched botocore' });
  lines.show({ phase: 'install', state: 'done', message: 'Installed', ms: 8000 });
  lines.show({ phase: 'start', state: 'done', message: 'Trivial', ms: 2 });
  expect(written).toEqual(['  … Fetched botocore\n', '  ✔ Installed 8.0 s\n']);
});

test('on a terminal, what is under way lives on one line that goes when it is done', () => {
  jest.useFakeTimers();
  const written: string[] = [];
  const lines = new ProgressLines({ isTTY: true, columns: 60, write: (text) => written.push(text) }, plain, () => Date.now());
  lines.show({ phase: 'synth', state: 'begun', message: 'Synthesizing' });
  jest.advanceTimersByTime(250);
  lines.show({ phase: 'synth', state: 'done', message: 'Synthesized', ms: 250 });
  expect(written.join('')).toContain('… Synthesizing (200 ms)');
  expect(written.slice(-2)).toEqual(['\r\u001b[K', '  ✔ Synthesized 250 ms\n']);
  jest.useRealTimers();
});

test('the table says where things are, and names the same difference once', () => {
  const difference = { stack: 'Notes', type: 'AWS::CloudWatch::Alarm', why: 'No metric math.', differs: 'It never rings.' };
  const text = describeCloud({
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'LOCALKEY', secretAccessKey: 'hidden' },
    urls: [{ stack: 'Notes', name: 'Notes/Api', kind: 'http', url: 'http://127.0.0.1:1/api' }],
    outputs: { Notes: { ApiUrl: 'http://127.0.0.1:1/api', Table: 'notes' } },
    rawOutputs: { Notes: { ApiUrl: 'https://abc.execute-api.us-east-1.amazonaws.com', Table: 'notes' } },
    functions: [{ stack: 'Notes', name: 'Create', functionName: 'f', region: 'us-east-1', logGroup: 'g' }],
    standIns: [],
    leftOut: ['A', 'B', 'C', 'D'].map((id) => ({ ...difference, logicalId: id, path: `Notes/${id}` })),
  }, plain).join('\n');
  expect(text).toContain('Notes  1 function');
  expect(text).toContain('Notes.ApiUrl  http://127.0.0.1:1/api');
  expect(text.match(/CloudFormation has (\S+)/g)).toEqual(['CloudFormation has https://abc.execute-api.us-east-1.amazonaws.com']);
  expect(text).toContain('Left out (4 resources)');
  expect(text).toContain('Notes/A, Notes/B and 2 more');
  expect(text.match(/No metric math\. It never rings\./g)).toHaveLength(1);
  expect(text).not.toContain('Stood in for');
  expect(text).not.toContain('hidden');
});

describe('characters that a terminal obeys', () => {
  /** Clears the screen, by ESC and by the single C1 character; writes to the clipboard; turns the text around; hides; forges a line. */
  const HOSTILE = ['\u001b[2J', '\u009b2J', '\u001b]52;c;cm0=\u0007', '\u202e', '\u200b', '\r', '\u2028', '\u007f', '\ud800', '\u{e0041}'].join('x');
  const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

  test('are shown as escapes in log lines, whatever field has them', () => {
    const record = { level: `INFO${HOSTILE}`, message: HOSTILE, email: HOSTILE, [HOSTILE]: 1, error: { name: HOSTILE, message: HOSTILE }, forged: 'a\nb' };
    const line = logLine(AT, 'Fn', JSON.stringify(record), plain)!;
    expect(line).not.toMatch(OBEYED);
    expect(line).toContain('email=\\u001b[2Jx\\u009b2J');
    expect(line).toContain('forged=a\\u000ab');
    for (const text of [HOSTILE, `2026-01-02T03:04:05.006Z\tid-1\tWARN\t${HOSTILE}`]) expect(logLine(AT, 'Fn', text, plain)).not.toMatch(OBEYED);
    expect(logLine(AT, 'Fn', 'Error: no\n  at here', plain)).toContain('Error: no\n  at here');
  });

  test('are shown as escapes in the lines of mails', () => {
    expect(mailLine(AT, { to: [HOSTILE], subject: HOSTILE, text: HOSTILE }, plain)).not.toMatch(OBEYED);
  });

  test('are shown as escapes in progress and in errors', () => {
    const written: string[] = [];
    const lines = new ProgressLines({ write: (text) => written.push(text) }, plain, () => 0);
    lines.show({ phase: 'synth', state: 'note', message: HOSTILE });
    lines.show({ phase: 'synth', state: 'done', message: HOSTILE, ms: 100 });
    const complained = jest.spyOn(console, 'error').mockImplementation((text: string) => written.push(text));
    report(new Error(HOSTILE));
    complained.mockRestore();
    expect(written).toHaveLength(3);
    for (const text of written) expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
  });

  test('are escaped losslessly in JSON', () => {
    expect(JSON.parse(onScreen(JSON.stringify({ text: HOSTILE }, undefined, 2)))).toEqual({ text: HOSTILE });
  });

  test('do not hide among the colours of the style, which pass', () => {
    const style = new Style(true);
    const coloured = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'].map((colour) => style[colour as 'red']('text')).join('\n\t');
    expect(onScreen(coloured)).toBe(coloured);
    expect(onScreen('\u001b[8m\u001b[31;8m\u001b[1A')).toBe('\\u001b[8m\\u001b[31;8m\\u001b[1A');
    expect(printable('ä 漢 🗳 \t')).toBe('ä 漢 🗳 \t');
  });

  test('can reach a terminal from nowhere else: only the terminal layer prints', () => {
    const sources = readdirSync(join(__dirname, '../../local'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const printing = sources.filter((name) => /console\.|process\.std(out|err)\.write/.test(readFileSync(join(__dirname, '../../local', name), 'utf8')));
    expect(printing).toEqual([join('terminal', 'printable.ts')]);
  });
});
