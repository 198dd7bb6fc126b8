const { default: Sequencer } = require('@jest/test-sequencer');

/** What takes long starts first, so that no core waits for it in the end. Jest knows only from the second run on what that is. */
const LONG = [
  'simulation/histories', 'simulation/mutants', 'examples', 'voting/voting-pipeline-props', 'trinity/stacks',
  'e2e/faults', 'e2e/trinity/voting', 'e2e/local-cloud', 'e2e/trinity/ops',
];

module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? LONG.length : index;
    };
    return [...super.sort(tests)].sort((one, other) => place(one) - place(other));
  }
};
