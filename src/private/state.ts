import type { IConstruct } from 'constructs';

/**
 * What this library remembers of a construct. It lives on the construct, under a symbol of the global registry, so that two copies of
 * the package in one app (a monorepo, a shared construct library) see the same: a module variable would be another one in each copy.
 * Keep it plain data and add to it only, because the copies may be of different versions.
 */
export function stateOf<State extends object>(construct: IConstruct, name: string, create: () => State): State {
  return existingState<State>(construct, name) ?? define(construct, name, create());
}

/** The same, undefined if nothing was remembered of it under that name. */
export function existingState<State extends object>(construct: IConstruct, name: string): State | undefined {
  return (construct as unknown as Record<symbol, State | undefined>)[key(name)];
}

function define<State extends object>(construct: IConstruct, name: string, state: State): State {
  Object.defineProperty(construct, key(name), { value: state });
  return state;
}

const key = (name: string) => Symbol.for(`trinity-constructs.${name}`);
