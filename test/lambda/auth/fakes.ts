import type { Account, Accounts, LoginStep, Profiles, Sessions } from '../../../lambda/auth/ports';
import { Refusal } from '../../../lambda/auth/refusal';
import type { Profile, Registration } from '../../../src/auth/contract';

export interface FakeUser {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  displayName?: string;
  confirmed: boolean;
  mfaCode?: string;
  challenge?: string;
}

/** A user pool in memory: it refuses as Cognito does, and tells what it was asked to send. */
export class FakePool implements Accounts, Sessions, Profiles {
  readonly users = new Map<string, FakeUser>();
  readonly codesSent: string[] = [];
  readonly revoked: string[] = [];
  /** Thrown by the next call of that name. */
  readonly failures: Partial<Record<keyof Accounts | keyof Sessions | keyof Profiles, Error>> = {};

  add(email: string, more: Partial<FakeUser> = {}): FakeUser {
    const user = { userId: `user-${this.users.size + 1}`, email, password: 'Passw0rd!', confirmed: true, ...more };
    this.users.set(email, user);
    return user;
  }

  async create({ email, password, displayName }: Registration): Promise<Account | undefined> {
    this.failAt('create');
    if (this.users.has(email)) return undefined;
    this.codesSent.push(email);
    return this.add(email, { password, displayName, confirmed: false });
  }

  async find(email: string) {
    this.failAt('find');
    return this.users.get(email);
  }

  async sendCodeAgain(email: string) {
    this.failAt('sendCodeAgain');
    this.codesSent.push(email);
  }

  async confirm(email: string, code: string) {
    this.failAt('confirm');
    const user = this.users.get(email);
    if (user === undefined) throw new Refusal('unknown-account');
    if (user.confirmed) throw new Refusal('not-authorized');
    if (code !== '123456') throw new Refusal('wrong-code');
    user.confirmed = true;
  }

  async open(email: string, password: string): Promise<LoginStep> {
    this.failAt('open');
    const user = this.users.get(email);
    if (user === undefined) throw new Refusal('unknown-account');
    if (!user.confirmed) throw new Refusal('not-confirmed');
    if (user.password !== password) throw new Refusal('not-authorized');
    if (user.challenge !== undefined) return { step: 'other', challenge: user.challenge };
    return user.mfaCode === undefined ? { step: 'done', tokens: tokensOf(user) } : { step: 'mfa', username: user.userId, session: `session of ${email}` };
  }

  async answerMfa({ username, session }: { username: string; session: string }, code: string): Promise<LoginStep> {
    this.failAt('answerMfa');
    const user = this.byId(username);
    if (session !== `session of ${user.email}`) throw new Refusal('not-authorized');
    if (code !== user.mfaCode) throw new Refusal('wrong-code');
    return { step: 'done', tokens: tokensOf(user) };
  }

  async refresh(refreshToken: string) {
    this.failAt('refresh');
    const user = [...this.users.values()].find(({ userId }) => refreshToken === `refresh.${userId}`);
    if (user === undefined || this.revoked.includes(refreshToken)) throw new Refusal('not-authorized');
    const { refreshToken: _, ...tokens } = tokensOf(user);
    return tokens;
  }

  async revoke(refreshToken: string) {
    this.failAt('revoke');
    this.revoked.push(refreshToken);
  }

  async read(accessToken: string): Promise<Profile> {
    this.failAt('read');
    const { userId, email, displayName } = this.byToken(accessToken);
    return { userId, email, displayName };
  }

  async rename(accessToken: string, displayName: string) {
    this.failAt('rename');
    this.byToken(accessToken).displayName = displayName;
  }

  async remove(accessToken: string) {
    this.failAt('remove');
    this.users.delete(this.byToken(accessToken).email);
  }

  private byToken(accessToken: string): FakeUser {
    return this.byId(accessToken.replace('access.', ''));
  }

  private byId(userId: string): FakeUser {
    const user = [...this.users.values()].find((known) => known.userId === userId);
    if (user === undefined) throw new Refusal('unknown-account');
    return user;
  }

  private failAt(call: keyof FakePool['failures']): void {
    const failure = this.failures[call];
    if (failure !== undefined) throw failure;
  }
}

function tokensOf({ userId }: FakeUser) {
  return { accessToken: `access.${userId}`, idToken: `id.${userId}`, refreshToken: `refresh.${userId}`, expiresIn: 3600, tokenType: 'Bearer' };
}
