/** Runs a benchmark's command. A flag that there is not is told in one line, everything else with where it happened. */
export async function run(command: () => void | Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    console.error(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? message : error);
    process.exitCode = 1;
  }
}
