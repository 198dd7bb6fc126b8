import type { IConstruct } from 'constructs';

/** A choice that is made once on a scope and holds for everything below it, the nearest one winning. */
export class Scoped<T> {
  private readonly choices = new WeakMap<IConstruct, T>();

  set(scope: IConstruct, choice: T): void {
    this.choices.set(scope, choice);
  }

  nearest(scope: IConstruct): T | undefined {
    for (const candidate of [...scope.node.scopes].reverse()) {
      const choice = this.choices.get(candidate);
      if (choice !== undefined) return choice;
    }
    return undefined;
  }
}
