import type { Profile, Tokens } from '../../src/auth/contract';

/** The name of an account in the user pool, made from its address. Whoever knows it does not know the address. */
export interface Usernames {
  of(email: string): Promise<string>;
}

/**
 * - `ready`: somebody's account, or one whose registration went through. Its password is its owner's or nobody's.
 * - `unfinished`: made by a registration that has not yet given it the password that nobody knows.
 * - `unproved`: made elsewhere with a password of its maker's choice, who never showed that the mailbox is theirs.
 */
export type AccountState = 'ready' | 'unfinished' | 'unproved';

export interface AccountStatus {
  readonly state: AccountState;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The accounts of the user pool, by username. When the pool does not do what was asked, it throws a `Refusal`. */
export interface Accounts {
  /**
   * Makes an account that nobody can use yet. `unclear` if there is one, which an earlier attempt of this very call may have
   * made without its answer arriving.
   */
  create(username: string, email: string): Promise<'created' | 'existing' | 'unclear'>;
  status(username: string): Promise<AccountStatus>;
  /** Gives it a random password that nobody is told, and sends no mail. */
  seal(username: string): Promise<void>;
  /** Drops what its maker chose, except the password (see `seal`), so that only the mailbox can open the account. */
  disown(username: string): Promise<void>;
  /** Mails a code to the address of the account. An account that is not there is not told from one that is. */
  sendCode(username: string): Promise<void>;
  /** Takes the code and sets the password, both or neither. */
  setPassword(username: string, code: string, password: string): Promise<void>;
  /** Ends all sessions: their refresh tokens are worth nothing afterwards. */
  endSessions(username: string): Promise<void>;
  setDisplayName(username: string, displayName: string): Promise<void>;
}

/** What a login came to: tokens, a question for a one-time code, or something that this API has no answer to. */
export type LoginStep =
  | { readonly step: 'done'; readonly tokens: Tokens }
  | { readonly step: 'mfa'; readonly username: string; readonly session: string }
  | { readonly step: 'other'; readonly challenge: string };

export type MfaStep = Extract<LoginStep, { step: 'mfa' }>;

export interface Sessions {
  open(username: string, password: string): Promise<LoginStep>;
  answerMfa(asked: MfaStep, code: string): Promise<LoginStep>;
  refresh(refreshToken: string): Promise<Tokens>;
  revoke(refreshToken: string): Promise<void>;
}

/** The caller's own account, acted on with the caller's own access token. */
export interface Profiles {
  read(accessToken: string): Promise<Omit<Profile, 'userId'>>;
  rename(accessToken: string, displayName: string): Promise<void>;
  remove(accessToken: string): Promise<void>;
}
