/** A variable of the function's environment that the construct always sets: its absence is a broken deployment, said at start. */
export function env(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is missing: deploy this handler by its construct`);
  return value;
}

/** A variable that the construct sets only where it has something to say. */
export function optionalEnv(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
