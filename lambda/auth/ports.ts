import type { Profile, Registration, Tokens } from '../../src/auth/contract';

export interface Account {
  readonly userId: string;
  readonly confirmed: boolean;
}

/** The accounts of the user pool, by e-mail address. Where one does not do what was asked, it throws a `Refusal`. */
export interface Accounts {
  /** Undefined where the address has an account already. */
  create(registration: Registration): Promise<Account | undefined>;
  find(email: string): Promise<Account | undefined>;
  sendCodeAgain(email: string): Promise<void>;
  confirm(email: string, code: string): Promise<void>;
}

/** What a login came to: tokens, a question for a one-time code, or something that this API has no answer to. */
export type LoginStep =
  | { readonly step: 'done'; readonly tokens: Tokens }
  | { readonly step: 'mfa'; readonly username: string; readonly session: string }
  | { readonly step: 'other'; readonly challenge: string };

export type MfaStep = Extract<LoginStep, { step: 'mfa' }>;

export interface Sessions {
  open(email: string, password: string): Promise<LoginStep>;
  answerMfa(asked: MfaStep, code: string): Promise<LoginStep>;
  refresh(refreshToken: string): Promise<Tokens>;
  revoke(refreshToken: string): Promise<void>;
}

/** The caller's own account, acted on with the caller's own access token. */
export interface Profiles {
  read(accessToken: string): Promise<Profile>;
  rename(accessToken: string, displayName: string): Promise<void>;
  remove(accessToken: string): Promise<void>;
}
