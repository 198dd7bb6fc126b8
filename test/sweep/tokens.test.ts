import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { AuthService, Endpoint, ServerlessApi, Trinity } from '../../src';
import { monitoredStack, someCode, testApp } from '../support/app';
import { openApiFaults } from '../support/openapi';
import { refusal } from '../support/refusal';
import { KNOWN_AT_SYNTHESIS, LAZY, parameters, PLAIN, type Sample, SAMPLES, type Values } from '../support/samples';

interface Assembly {
  readonly files: Record<string, any>;
}

/** Everything that a synthesis writes and that goes somewhere: templates, OpenAPI documents, metadata. */
function synthesize(sample: Sample, valuesOf: (stack: ReturnType<typeof monitoredStack>) => Values): Assembly {
  const app = testApp();
  const stack = monitoredStack(app, 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  sample.make(stack, valuesOf(stack));
  const { directory } = app.synth();
  const files = readdirSync(directory).filter((file) => file.endsWith('.json') && file !== 'tree.json');
  return { files: Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(directory, file), 'utf8'))])) };
}

/** What a text has in it if a token was turned into a text in the wrong way. */
const GARBAGE = /\de\+2\d\d|[$#]\{Token\[|"(Fn::|Ref")|\[object Object\]|<unresolved|<token>|undefined|NaN/;

/** The places of an assembly at which a token was not turned into what belongs there. */
function garbage({ files }: Assembly): string[] {
  return Object.entries(files).flatMap(([file, content]) => walk(content, file).flatMap(([place, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const known = file.endsWith('.openapi.json') || /metadata\.json|\/Outputs\/[^/]+\/Description/.test(place);
    return GARBAGE.test(typeof value === 'number' ? `${value}` : value as string) || (known && /\/(Ref|Fn::\w+)(\/|$)/.test(place)) ? [`${place}: ${text}`] : [];
  }));
}

function walk(value: unknown, place: string): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([key, inner]) => [[`${place}/${key}`, key] as [string, unknown], ...walk(inner, `${place}/${key}`)]);
}

const openApi = ({ files }: Assembly) => Object.entries(files).filter(([file]) => file.endsWith('.openapi.json')).map(([, content]) => content);

/** The props of the whole are those of its parts, which have samples of their own. */
const PARTS = SAMPLES.filter(({ name }) => !name.startsWith('Trinity'));

describe.each(SAMPLES)('$name', (sample) => {
  test('with every prop a parameter of the template: no token is turned into a text in a wrong way', () => {
    const assembly = synthesize(sample, parameters);
    expect(garbage(assembly)).toEqual([]);
    for (const document of openApi(assembly)) expect(openApiFaults(document)).toEqual([]);
  });
});

describe.each(PARTS)('$name', (sample) => {
  test('with every prop known late in synthesis: the assembly is the same as with plain values', () => {
    const [lazy, plain] = [synthesize(sample, () => LAZY), synthesize(sample, () => PLAIN)];
    expect(lazy.files['Test.template.json']).toEqual(plain.files['Test.template.json']);
    expect(openApi(lazy)).toEqual(openApi(plain));
    expect(garbage(lazy)).toEqual([]);
  });
});

test('every prop that can be a token is one in a sample', () => {
  const given = new Set<string>(Object.keys(KNOWN_AT_SYNTHESIS));
  const note = <T>(prop: string, value: T) => {
    given.add(prop);
    return value;
  };
  for (const sample of SAMPLES) sample.make(monitoredStack(testApp(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } }), { text: note, number: note, list: note });
  expect([...documentedProps()].filter((prop) => !given.has(prop))).toEqual([]);
});

/** The props of all structs of API.md whose type takes a token, without structs that another one has all props of. */
function documentedProps(): Set<string> {
  const reference = readFileSync(join(__dirname, '..', '..', 'API.md'), 'utf8');
  const structs = reference.slice(reference.indexOf('\n## Structs'), reference.indexOf('\n## Classes'));
  const rows = [...structs.matchAll(/\| <code><a href="#trinity-constructs\.(\w+)\.property\.(\w+)">\w+<\/a><\/code> \| <code>(.*?)<\/code> \|/g)];
  const props = new Map<string, Set<string>>();
  for (const [, struct, prop] of rows) props.set(struct, (props.get(struct) ?? new Set()).add(prop));
  const contains = (all: Set<string>, own: Set<string>) => all.size > own.size && [...own].every((prop) => all.has(prop));
  const extended = ([, own]: [string, Set<string>]) => [...props.values()].some((all) => contains(all, own));
  const bases = new Set([...props].filter(extended).map(([struct]) => struct));
  const TAKES_TOKENS = /^(string|number|string\[\]|any|\{\[ key: string \]: string\}|aws-cdk-lib\.(Duration|Size|aws_logs\.RetentionDays))$/;
  return new Set(rows.filter(([, struct, , type]) => !bases.has(struct) && TAKES_TOKENS.test(type)).map(([, struct, prop]) => `${struct}.${prop}`));
}

describe('what must be known at synthesis is refused as a token', () => {
  const stack = () => monitoredStack(testApp(), 'Test');
  const token = Lazy.number({ produce: () => 1 });
  const endpoint = (props: object) => () => {
    const scope = stack();
    return new Endpoint(scope, 'E', { api: new ServerlessApi(scope, 'Api'), route: 'GET /a', code: someCode(), publicBecause: 'a test', ...props });
  };
  const auth = (props: object) => () => {
    const scope = stack();
    return new AuthService(scope, 'Auth', { api: new ServerlessApi(scope, 'Api'), ...props });
  };
  const voting = (props: object) => () => new Trinity(stack(), 'Trinity', { voting: props });

  test.each<[string, string, () => unknown]>([
    ['EndpointProps.route', 'The route is a token', endpoint({ route: Lazy.string({ produce: () => 'GET /a' }) })],
    ['EndpointDescription.operationId', 'The operationId of \'GET /a\' is known only at deployment', endpoint({ description: { operationId: Lazy.string({ produce: () => 'a' }) } })],
    ['EndpointResponse.status', 'a status that is known only at deployment', endpoint({ description: { responses: [{ status: token, description: 'It.' }] } })],
    ['AuthServiceProps.passwordMinLength', 'passwordMinLength is known only at deployment', auth({ passwordMinLength: token })],
    ['AuthServiceProps.accessTokenValidity', 'accessTokenValidity is known only at deployment', auth({ accessTokenValidity: Duration.minutes(token) })],
    ['AuthServiceProps.refreshTokenValidity', 'refreshTokenValidity is known only at deployment', auth({ refreshTokenValidity: Duration.minutes(token) })],
    ['AuthServiceProps.expectedPeakLoginsPerSecond', 'expectedPeakLoginsPerSecond is known only at deployment', auth({ expectedPeakLoginsPerSecond: token })],
    [
      'AuthServiceProps.expectedPeakRegistrationsPerSecond',
      'expectedPeakRegistrationsPerSecond is known only at deployment',
      auth({ expectedPeakRegistrationsPerSecond: token }),
    ],
    ...['userAuthentication', 'userToken', 'userAccountRecovery'].map((quota): [string, string, () => unknown] => [
      `CognitoQuotas.${quota}`, `cognitoQuotas.${quota} is known only at deployment`, auth({ cognitoQuotas: { [quota]: token } }),
    ]),
    ['VotingPipelineProps.expectedPeakVotesPerSecond', 'expectedPeakVotesPerSecond is known only at deployment', voting({ expectedPeakVotesPerSecond: token })],
  ])('%s', (_, what, build) => {
    expect(refusal(build).what).toContain(what);
  });

  test('each of them', () => {
    expect(Object.keys(KNOWN_AT_SYNTHESIS)).toHaveLength(12);
  });

  test.each<[string, () => unknown]>([
    ['timeout is a token in minutes', endpoint({ timeout: Duration.minutes(token) })],
    ['latencyObjective is a token in seconds', endpoint({ latencyObjective: Duration.seconds(token) })],
    ['ephemeralStorage is a token in another unit than mebibytes', endpoint({ ephemeralStorage: Size.gibibytes(token) })],
    ['maxBodySize is a token in another unit than bytes', () => new ServerlessApi(stack(), 'Api', { maxBodySize: Size.kibibytes(token) })],
  ])('a token that the CDK would have to convert: %s', (what, build) => {
    expect(refusal(build)).toMatchObject({ what, mend: expect.stringMatching(/^give it as (Duration|Size)\.\w+\(…\): a token cannot be converted$/) });
  });
});
