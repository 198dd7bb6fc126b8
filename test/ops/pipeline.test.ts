import { choosePipeline as chooseAmong, deadLettersOf, pipelinesIn } from '../../ops/pipeline';
import { OPERATIONS, OVERFLOW_DLQ } from './fakes';

const value = JSON.stringify(OPERATIONS);
const choosePipeline = (stack: string, outputs: Record<string, string>, wanted?: string) => chooseAmong(stack, pipelinesIn(outputs), wanted);

test('the only pipeline of a stack needs no name', () => {
  expect(choosePipeline('S', { Url: 'https://x', TrinityVotingOperations1A2B3C4D: value })).toEqual({ name: 'TrinityVoting', operations: OPERATIONS });
  expect(choosePipeline('S', { VotingOperations: value }).name).toBe('Voting');
});

test('with several the error names them, and one can be chosen', () => {
  const outputs = { EastOperations11111111: value, WestOperations22222222: JSON.stringify({ ...OPERATIONS, table: 'West' }) };
  expect(() => choosePipeline('S', outputs)).toThrow('2 voting pipelines. Choose one with --pipeline: East, West.');
  expect(choosePipeline('S', outputs, 'west').operations.table).toBe('West');
  expect(() => choosePipeline('S', outputs, 'North')).toThrow("no pipeline 'North'. There is East, West.");
});

test('outputs of others that end the same are passed over', () => {
  expect(() => choosePipeline('S', { BankOperations: 'https://x', MoreOperations: '{"v":1}', NoOperations: 'null' })).toThrow('has no voting pipeline');
});

test('another form of the output asks for its own version', () => {
  expect(() => choosePipeline('S', { VotingOperations: JSON.stringify({ ...OPERATIONS, v: 2 }) })).toThrow('form 2). Use the trinity-ops of the version');
});

test('a pipeline without an overflow queue says so', () => {
  expect(deadLettersOf({ name: 'V', operations: OPERATIONS }, 'overflow')).toBe(OVERFLOW_DLQ);
  expect(() => deadLettersOf({ name: 'V', operations: { ...OPERATIONS, overflowDeadLetters: undefined } }, 'overflow')).toThrow('Ingestion.direct()');
});
