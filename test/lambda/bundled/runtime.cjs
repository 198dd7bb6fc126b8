/**
 * Runs bundles as Lambda does: in a process without Jest's sandbox, which cannot import as the SDK does. Each bundle is loaded once, with
 * its environment, and told how long its function may still run.
 */
const loaded = new Map();

process.on('unhandledRejection', (error) => process.send({ rejection: String(error) }));
process.on('message', async ({ id, file, environment, event, timeoutMs }) => {
  const started = performance.now();
  const end = started + timeoutMs;
  try {
    if (!loaded.has(file)) {
      Object.assign(process.env, environment);
      loaded.set(file, require(file).handler);
    }
    const result = event === undefined ? undefined : await loaded.get(file)(event, { getRemainingTimeInMillis: () => end - performance.now() });
    process.send({ id, result, ms: performance.now() - started });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error), ms: performance.now() - started });
  }
});
