import { demoApp } from './app';
import { Client } from './client';
import { emulatorMailbox } from './mailbox';
import { readOptions, USAGE } from './options';
import { complaints, type Outcome, play } from './play';
import { duration, Screen } from './screen';
import { stayUp } from './stay';
import { resourcesByArea, tryLines } from './texts';
import { type Difference, LocalCloudError, startLocalCloud } from 'trinity-constructs/local';

/** `npm run demo`: deploys the whole system on the local cloud, plays a poll on it, and holds what was seen against what is promised. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const screen = new Screen(options.json ? process.stderr : process.stdout);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);

  screen.heading('Deploying a serverless backend on this machine');
  const started = performance.now();
  const cloud = await startLocalCloud({
    app: demoApp(),
    signal: interrupted.signal,
    onProgress: ({ state, message, ms }) => {
      if (state === 'done') screen.done(message, ms ?? 0);
      else if (state === 'note') screen.line(screen.dim(`    ${message}`));
    },
  });
  const deploySeconds = (performance.now() - started) / 1_000;
  try {
    const [{ url }] = cloud.urls.filter(({ kind }) => kind === 'http');
    screen.heading('What was deployed');
    screen.table(resourcesByArea(Object.values(cloud.resources).flat()));
    differences(screen, 'Stood in for on this machine', cloud.standIns);
    differences(screen, 'Left out on this machine', cloud.leftOut);

    screen.heading('The play');
    const client = new Client(url);
    const outcome = await play(client, emulatorMailbox(cloud), options.voters, screen, Date.now().toString(36));
    const wrong = complaints(outcome);
    const figures = {
      voters: outcome.voters,
      cast: outcome.cast,
      counted: outcome.counted,
      repeatsRefusedOrSame: outcome.repeatsRefusedOrSame,
      strangerStatus: outcome.strangerStatus,
      requests: client.timings.length,
      p50Ms: round(client.percentile(0.5)),
      p95Ms: round(client.percentile(0.95)),
      deploySeconds: round(deploySeconds),
      standIns: names(cloud.standIns),
      leftOut: names(cloud.leftOut),
    };
    summary(screen, outcome, figures, wrong);
    if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    if (!options.once && wrong.length === 0) {
      screen.heading('It stays up: try it from another terminal (Ctrl-C ends it)');
      for (const line of tryLines(url, outcome)) screen.line(line);
      await stayUp(cloud.ended, interrupted.signal);
    }
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await cloud.stop();
  }
}

function summary(screen: Screen, outcome: Outcome, figures: Record<string, unknown>, wrong: string[]): void {
  screen.heading('What was seen');
  screen.table([
    ['Requests', `${figures.requests}`],
    ['Answered within, p50 / p95', `${figures.p50Ms} / ${figures.p95Ms} ms (cold starts of this machine included)`],
    ['Votes accepted', `${outcome.cast}`],
    ['Votes counted', `${outcome.counted}`],
    ['Repeated votes refused or the same', `${outcome.repeatsRefusedOrSame} of ${outcome.repeats}`],
    ['The stranger', `${outcome.strangerStatus}`],
    ['A vote after the close', `${outcome.afterCloseStatus}`],
    ['Deployed in', duration(figures.deploySeconds as number * 1_000)],
  ]);
  screen.line();
  if (wrong.length === 0) screen.line(`  ${screen.green('✓')} Every accepted vote was counted exactly once.`);
  for (const complaint of wrong) screen.line(`  ${screen.red('✗')} ${complaint}`);
}

function differences(screen: Screen, title: string, list: readonly Difference[]): void {
  if (list.length === 0) return;
  screen.heading(title);
  const byReason = new Map<string, Difference[]>();
  for (const difference of list) byReason.set(difference.differs, [...(byReason.get(difference.differs) ?? []), difference]);
  for (const [differs, group] of byReason) screen.line(`  ${group.length} × ${group[0].type}: ${screen.dim(differs)}`);
}

const names = (list: readonly Difference[]) => list.map(({ type, path, logicalId }) => `${type} ${path ?? logicalId}`);
const round = (value: number) => Math.round(value * 10) / 10;

main().then((status) => { process.exitCode = status; }, (error) => {
  const known = error instanceof LocalCloudError;
  console.error(known ? `\n${error.what}\n${error.mend}` : `\n${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  if (!known && process.env.DEBUG !== undefined) console.error(error);
  process.exitCode = 1;
});
