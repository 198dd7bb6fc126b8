import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StagePreset, type StagePresetProps } from '../../src';

const values = ({ stageName, removalPolicy, deletionProtection, logRetention, throttleRate, throttleBurst, pages }: StagePreset) => ({
  stageName, removalPolicy, deletionProtection, logRetention, throttleRate, throttleBurst, pages,
});

test('development: cheap and easy to throw away', () => {
  expect(values(StagePreset.development())).toEqual({
    stageName: 'development',
    removalPolicy: 'destroy',
    deletionProtection: false,
    logRetention: 7,
    throttleRate: 100,
    throttleBurst: 200,
    pages: false,
  });
});

test('staging: can be torn down, pages nobody', () => {
  expect(values(StagePreset.staging())).toEqual({
    stageName: 'staging',
    removalPolicy: 'destroy',
    deletionProtection: false,
    logRetention: 30,
    throttleRate: 1000,
    throttleBurst: 1000,
    pages: false,
  });
});

test('production: retained, protected, pages', () => {
  expect(values(StagePreset.production())).toEqual({
    stageName: 'production',
    removalPolicy: 'retain',
    deletionProtection: true,
    logRetention: 90,
    throttleRate: 5000,
    throttleBurst: 2500,
    pages: true,
  });
});

test.each<[StagePresetProps, string]>([
  [{ throttleRate: -5 }, 'throttleRate is -5'],
  [{ throttleBurst: 0 }, 'throttleBurst is 0'],
  [{ logRetention: -5 as RetentionDays }, 'logRetention is -5'],
])('%p is refused', (overrides, what) => {
  expect(() => StagePreset.staging(overrides)).toThrow(`StagePreset.staging: ${what}\n  mend: give a whole number of 1 or more`);
});

test('removalPolicy SNAPSHOT is refused: CloudFormation has it for no resource of this library', () => {
  expect(() => StagePreset.production({ removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(/^StagePreset\.production: removalPolicy is SNAPSHOT, .*\n {2}mend: give RETAIN/);
});

test.each<[keyof StagePresetProps, StagePresetProps]>([
  ['removalPolicy', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }],
  ['deletionProtection', { deletionProtection: true }],
  ['logRetention', { logRetention: RetentionDays.ONE_YEAR }],
  ['throttleRate', { throttleRate: 1 }],
  ['throttleBurst', { throttleBurst: 2 }],
  ['pages', { pages: true }],
])('%s: what is said wins over the preset, also where it says no', (_, overrides) => {
  expect(values(StagePreset.development(overrides))).toEqual({ ...values(StagePreset.development()), ...overrides });
  const no = { deletionProtection: false, pages: false };
  expect(values(StagePreset.production({ ...overrides, ...no }))).toEqual({ ...values(StagePreset.production()), ...overrides, ...no });
});

describe('on a scope', () => {
  test('holds for everything below, the nearest one winning', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const development = StagePreset.development();
    expect(development.on(app)).toBe(development);
    expect(StagePreset.of(stack)).toBe(development);
    const staging = StagePreset.staging().on(stack);
    expect(StagePreset.of(stack)).toBe(staging);
    expect(StagePreset.of(app)).toBe(development);
  });

  test('where none is chosen, production holds: forgetting the choice costs no data', () => {
    expect(StagePreset.of(new App()).stageName).toBe('production');
  });
});
