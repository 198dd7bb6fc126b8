import type { Figures, LimitedRatio } from './figures';

const NAMES: Record<LimitedRatio, string> = {
  synthTime: 'time to synthesize',
  templateBytesAsWritten: 'bytes of the template',
  templateBytes: 'without white space',
  resources: 'resources',
};

/** The figures as a person reads them, with how they were counted. */
export function report(figures: Figures): string {
  const { ours, peer, ratios, limits, broken, alsoRatios: also } = figures;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const raw: Record<LimitedRatio, [string, string]> = {
    synthTime: [seconds(ours.synthMs), seconds(peer.synthMs)],
    templateBytesAsWritten: [`${ours.template.bytesAsWritten}`, `${peer.template.bytesAsWritten}`],
    templateBytes: [`${ours.template.bytes}`, `${peer.template.bytes}`],
    resources: [`${ours.template.resources}`, `${peer.template.resources}`],
  };
  const line = (name: LimitedRatio) => [
    NAMES[name].padEnd(24), raw[name][0].padStart(10), raw[name][1].padStart(10),
    ratios[name].toFixed(3).padStart(8), `<= ${limits[name].toFixed(2)}`.padStart(9), broken.includes(name) ? '  NOT HELD' : '  held',
  ].join('');
  return [
    '',
    `${''.padEnd(24)}${'ours'.padStart(10)}${'peer'.padStart(10)}${'ratio'.padStart(8)}${'limit'.padStart(9)}`,
    ...(Object.keys(NAMES) as LimitedRatio[]).map(line),
    '',
    'How it was counted',
    `  Time: from \`new App()\` to the end of \`app.synth()\`, each in a process of its own, ${figures.pairs} alternating pair(s), medians.`,
    `    With the loading of the modules: ${also.loadAndSynthTime.toFixed(3)}. CDK starts esbuild by npx once a function; where that cost nothing (esbuild's own ${seconds(peer.esbuildMs)}): ${also.synthTimeWithoutNpx.toFixed(3)}.`,
    '    Bundling the library\'s own handlers is not in it: that happens once, before the package is published.',
    '  Bytes: of the file as the CDK writes it, indented by one space; that weighs more on ours, whose summed alarms are nested deeper.',
    '  Resources: entries of `Resources`. Both apps have the recommended feature flags of the installed aws-cdk-lib.',
    '',
    'What the peer is: the same endpoints from the same sources with the same esbuild options (SDK bundled, minified), `NodejsFunction`, `HttpApi`,',
    '`HttpLambdaIntegration`, `HttpUserPoolAuthorizer`, `TableV2`, `DynamoEventSource`, grants by `table.grantReadData` and the like.',
    'What is there in another form, so that nobody reads more into the figures than they say:',
    '  - Alarms: the peer has errors and throttles for every function and p95 for every endpoint; ours sums errors and throttles, and watches p95',
    `    on the API and on the endpoints that have an objective of their own. Without any alarms: bytes ${also.templateBytesWithoutAlarms.toFixed(3)}, resources ${also.resourcesWithoutAlarms.toFixed(3)}.`,
    '  - API Gateway invokes by one role a service in ours, by one permission an endpoint in the peer.',
    '  - Grants stand in the role in ours, in a policy beside it in the peer; ours name key prefixes of the tables (longer), CDK\'s name the whole table.',
    '',
    'Resources by type (ours / peer)',
    ...byType(ours.template.byType, peer.template.byType),
    '',
  ].join('\n');
}

function byType(ours: Record<string, number>, peer: Record<string, number>): string[] {
  const types = [...new Set([...Object.keys(peer), ...Object.keys(ours)])];
  return types
    .filter((type) => ours[type] !== peer[type])
    .map((type) => `  ${type.padEnd(36)} ${`${ours[type] ?? 0}`.padStart(4)} / ${`${peer[type] ?? 0}`.padStart(4)}`)
    .concat(`  and ${types.filter((type) => ours[type] === peer[type]).length} types with equal numbers`);
}
