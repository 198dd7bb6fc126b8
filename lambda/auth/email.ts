/** One address, one account, however it was typed: the user pool may compare addresses by case. */
export function normaliseEmail(email: string): string {
  return email.toLowerCase();
}
