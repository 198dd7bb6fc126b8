/** Waits until somebody interrupts; where the emulator ends before, says so by an error. */
export async function stayUp(ended: Promise<void>, interrupted: AbortSignal): Promise<void> {
  // Neither an emulator that nobody waits for, nor a signal, nor a promise keeps a process alive.
  const alive = setInterval(() => undefined, 60_000);
  try {
    const lost = await Promise.race([
      new Promise<boolean>((resolve) => {
        if (interrupted.aborted) resolve(false);
        interrupted.addEventListener('abort', () => resolve(false), { once: true });
      }),
      ended.then(() => true),
    ]);
    if (lost && !interrupted.aborted) throw new Error('The emulator has ended, and with it what was deployed. Run the demo again.');
  } finally {
    clearInterval(alive);
  }
}
