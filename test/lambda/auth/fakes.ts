import type { Accounts, LoginStep, Profiles, Sessions, Usernames } from '../../../lambda/auth/ports';
import { Refusal } from '../../../lambda/auth/refusal';

export interface FakeUser {
  readonly username: string;
  readonly email: string;
  readonly createdAt: number;
  password: string;
  displayName?: string;
  status: 'CONFIRMED' | 'UNCONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'RESET_REQUIRED';
  emailVerified: boolean;
  enabled: boolean;
  mfaCode?: string;
  challenge?: string;
  /** Codes that were mailed and not used. */
  codes: string[];
  sessions: string[];
}

/** What AWS does not document, so that it has to be right either way. */
export interface FakePoolBehaviour {
  /** Whether a code that was mailed before the newest one still counts. */
  readonly olderCodesCount?: boolean;
}

/** The user names of a pool that is made here: everything but the form of a keyed hash. */
export const fakeUsernames: Usernames = { of: async (email) => `user of ${email}` };

/** A code that was never mailed. */
export const WRONG_CODE = '999999';

/**
 * A user pool in memory that does what Cognito documents, with `PreventUserExistenceErrors`: an account in
 * FORCE_CHANGE_PASSWORD or UNCONFIRMED gets no code, a code and a password are taken in one step, a used code is forgotten, and
 * an unknown or disabled user looks like a wrong code (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html).
 */
export class FakePool implements Accounts, Sessions, Profiles {
  readonly users = new Map<string, FakeUser>();
  readonly mails: Array<{ readonly email: string; readonly code: string }> = [];
  readonly calls: string[] = [];
  /** Thrown by each call of that name. */
  readonly failures: Partial<Record<keyof Accounts | keyof Sessions | keyof Profiles, Error>> = {};
  now = 0;
  private serial = 0;

  constructor(private readonly behaviour: FakePoolBehaviour = {}) {}

  add(email: string, more: Partial<FakeUser> = {}): FakeUser {
    const user: FakeUser = {
      username: `user of ${email}`, email, createdAt: this.now, password: 'Passw0rd!', status: 'CONFIRMED', emailVerified: true, enabled: true, codes: [], sessions: [], ...more,
    };
    this.users.set(user.username, user);
    return user;
  }

  of(email: string): FakeUser {
    return this.users.get(`user of ${email}`)!;
  }

  async create(username: string, email: string) {
    this.called('create');
    if (this.users.has(username)) return 'existing' as const;
    this.add(email, { username, password: this.unknown(), status: 'FORCE_CHANGE_PASSWORD' });
    return 'created' as const;
  }

  async status(username: string) {
    this.called('status');
    const { status, createdAt } = this.known(username);
    return { state: status === 'UNCONFIRMED' ? 'unproved' as const : status === 'FORCE_CHANGE_PASSWORD' ? 'unfinished' as const : 'ready' as const, createdAt };
  }

  async seal(username: string) {
    this.called('seal');
    Object.assign(this.known(username), { password: this.unknown(), status: 'CONFIRMED' });
  }

  async disown(username: string) {
    this.called('disown');
    Object.assign(this.known(username), { displayName: undefined, emailVerified: true });
  }

  async sendCode(username: string) {
    this.called('sendCode');
    const user = this.users.get(username);
    if (user === undefined || !user.enabled) return;
    if (user.status === 'FORCE_CHANGE_PASSWORD' || user.status === 'UNCONFIRMED' || !user.emailVerified) throw new Refusal('not-authorized');
    const code = String(100_000 + this.next());
    user.codes = [...(this.behaviour.olderCodesCount ?? true ? user.codes : []), code];
    this.mails.push({ email: user.email, code });
  }

  async setPassword(username: string, code: string, password: string) {
    this.called('setPassword');
    const user = this.users.get(username);
    if (user === undefined || !user.enabled || !user.codes.includes(code)) throw new Refusal('wrong-code');
    Object.assign(user, { password, status: 'CONFIRMED', codes: [] });
  }

  async endSessions(username: string) {
    this.called('endSessions');
    this.known(username).sessions = [];
  }

  async setDisplayName(username: string, displayName: string) {
    this.called('setDisplayName');
    this.known(username).displayName = displayName;
  }

  async open(username: string, password: string): Promise<LoginStep> {
    this.called('open');
    const user = this.users.get(username);
    if (user === undefined || !user.enabled) throw new Refusal('not-authorized');
    // "Intended behaviour" of Cognito, before it looks at the password: https://github.com/aws/aws-sdk-js/issues/4608
    if (user.status === 'UNCONFIRMED') throw new Refusal('not-confirmed');
    if (user.password !== password) throw new Refusal('not-authorized');
    if (user.status === 'RESET_REQUIRED') throw new Refusal('reset-required');
    if (user.status === 'FORCE_CHANGE_PASSWORD') return { step: 'other', challenge: 'NEW_PASSWORD_REQUIRED' };
    if (user.challenge !== undefined) return { step: 'other', challenge: user.challenge };
    return user.mfaCode === undefined ? { step: 'done', tokens: this.session(user) } : { step: 'mfa', username, session: `session of ${username}` };
  }

  async answerMfa({ username, session }: { username: string; session: string }, code: string): Promise<LoginStep> {
    this.called('answerMfa');
    const user = this.known(username);
    if (session !== `session of ${username}`) throw new Refusal('not-authorized');
    if (code !== user.mfaCode) throw new Refusal('wrong-code');
    return { step: 'done', tokens: this.session(user) };
  }

  async refresh(refreshToken: string) {
    this.called('refresh');
    const user = [...this.users.values()].find(({ sessions }) => sessions.includes(refreshToken));
    if (user === undefined) throw new Refusal('not-authorized');
    const { refreshToken: _, ...tokens } = tokensOf(user, refreshToken);
    return tokens;
  }

  async revoke(refreshToken: string) {
    this.called('revoke');
    for (const user of this.users.values()) user.sessions = user.sessions.filter((session) => session !== refreshToken);
  }

  async read(accessToken: string) {
    this.called('read');
    const { email, displayName } = this.byToken(accessToken);
    return { email, displayName };
  }

  async rename(accessToken: string, displayName: string) {
    this.called('rename');
    this.byToken(accessToken).displayName = displayName;
  }

  async remove(accessToken: string) {
    this.called('remove');
    this.users.delete(this.byToken(accessToken).username);
  }

  private session(user: FakeUser) {
    const refreshToken = `refresh ${this.next()} of ${user.username}`;
    user.sessions.push(refreshToken);
    return tokensOf(user, refreshToken);
  }

  private byToken(accessToken: string): FakeUser {
    return this.known(accessToken.replace('access of ', ''));
  }

  private known(username: string): FakeUser {
    const user = this.users.get(username);
    if (user === undefined) throw new Refusal('unknown-account');
    return user;
  }

  private unknown(): string {
    return `nobody knows ${this.next()}`;
  }

  private next(): number {
    this.serial += 1;
    return this.serial;
  }

  private called(call: keyof FakePool['failures']): void {
    this.calls.push(call);
    const failure = this.failures[call];
    if (failure !== undefined) throw failure;
  }
}

function tokensOf({ username }: FakeUser, refreshToken: string) {
  return { accessToken: `access of ${username}`, idToken: `id of ${username}`, refreshToken, expiresIn: 900, tokenType: 'Bearer' };
}
