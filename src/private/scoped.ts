import type { IConstruct } from 'constructs';
import { ConstructError } from './errors';
import { existingState, stateOf } from './state';

interface ScopeState<T> {
  choice?: T;
  /** What constructs below this scope took, and the first construct that took it. */
  readonly taken: Array<{ readonly choice: T | undefined; readonly by: IConstruct }>;
}

/**
 * A choice that is made once on a scope and holds for everything below it, the nearest one winning. A choice that comes after a
 * construct below has already taken another one is refused: it would silently hold for a part of the scope only.
 */
export class Scoped<T> {
  /** Both names are part of error messages, and the first one is shared by all copies of the package: `StagePreset`, `stage`. */
  constructor(private readonly name: string, private readonly prop: string) {}

  set(scope: IConstruct, choice: T): void {
    const state = this.state(scope);
    const first = state.taken.find((taken) => taken.choice !== choice);
    if (first !== undefined) {
      throw new ConstructError(scope, `${this.name}.on comes too late for ${first.by.node.path}, which was defined before and has ${first.choice === undefined ? 'the default' : 'another choice'}`,
        `move the line before that construct, or give that construct its own \`${this.prop}\``);
    }
    state.choice = choice;
  }

  nearest(scope: IConstruct): T | undefined {
    const visited: IConstruct[] = [];
    let choice: T | undefined;
    for (const candidate of [...scope.node.scopes].reverse()) {
      visited.push(candidate);
      choice = existingState<ScopeState<T>>(candidate, this.name)?.choice;
      if (choice !== undefined) break;
    }
    // A construct may replace what it took for itself by a prop: only what lies below a scope can be missed by a later choice.
    for (const passed of visited.filter((each) => each !== scope)) {
      const { taken } = this.state(passed);
      if (!taken.some((each) => each.choice === choice)) taken.push({ choice, by: scope });
    }
    return choice;
  }

  private state(scope: IConstruct): ScopeState<T> {
    return stateOf<ScopeState<T>>(scope, this.name, () => ({ taken: [] }));
  }
}
