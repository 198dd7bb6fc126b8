/** The time of day in 24 hours, whatever the locale, as in the log. */
export function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 8);
}
