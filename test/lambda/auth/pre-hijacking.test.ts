import { confirm } from '../../../lambda/auth/confirm';
import { forgotPassword } from '../../../lambda/auth/forgot-password';
import { login } from '../../../lambda/auth/login';
import { refresh } from '../../../lambda/auth/refresh';
import { Refusal } from '../../../lambda/auth/refusal';
import { register } from '../../../lambda/auth/register';
import { resetPassword } from '../../../lambda/auth/reset-password';
import { Problem } from '../../../lambda/shared/problem';
import { fakeLog, request } from '../shared/fakes';
import { FakePool, type FakePoolBehaviour, fakeUsernames, WRONG_CODE } from './fakes';
import { inEveryOrder, type Script } from './schedules';

const EMAIL = 'victim@example.com';
const MALLORY = { password: 'Mallory-knows-this-1', displayName: 'Mallory' };
const VICTIM = { password: 'Victim-own-secret-1', displayName: 'Victim' };
const AN_HOUR = 3_600_000;

interface Surroundings {
  readonly clock?: () => number;
  readonly wait?: () => Promise<void>;
}

/** The endpoints over one pool: what both parties call. */
function api(pool: FakePool, { clock = () => AN_HOUR, wait = async () => undefined }: Surroundings = {}) {
  const [log, random, usernames, userPoolId] = [fakeLog(), () => 0, fakeUsernames, 'pool-1'];
  const passwords = { accounts: pool, sessions: pool, usernames, log, clock, userPoolId };
  return {
    register: register({ accounts: pool, usernames, clock, log, wait, userPoolId }),
    confirm: confirm(passwords),
    forgot: forgotPassword({ accounts: pool, usernames, clock, log, userPoolId }),
    reset: resetPassword(passwords),
    login: login({ sessions: pool, usernames, random }),
    refresh: refresh({ sessions: pool, random }),
  };
}

const status = async (answer: Promise<{ status: number }>) => {
  try {
    return (await answer).status;
  } catch (error) {
    if (error instanceof Problem) return error.status;
    throw error;
  }
};

/** What a registration that meets an unfinished account waits for: the other one seals it. Who waits takes no turns. */
const untilSealed = (pool: FakePool, waitUntil: (ready: () => boolean) => Promise<void>) => () => waitUntil(() => pool.of(EMAIL).status !== 'FORCE_CHANGE_PASSWORD');

const loggedIn = async (pool: FakePool, password: string) => await status(api(pool).login(request({ email: EMAIL, password }))) === 200;

/** What the address had before the two came. */
const BEFORE: Record<string, (pool: FakePool) => void> = {
  'nothing': () => undefined,
  'an earlier registration of the attacker, with a code still open': (pool) => { pool.add(EMAIL, { password: 'nobody knows', codes: ['123456'] }); },
};

/**
 * An account of nobody, that a registration takes over by sealing it. Cognito cannot do that only if nobody else has done it
 * since, so two who take it over at the very same time can end with a password that nobody knows, never with one that
 * somebody else knows: a reset then heals it (ADR 0011).
 */
const ADOPTED: Record<string, (pool: FakePool) => void> = {
  'a registration that was cut off half-way': (pool) => { pool.add(EMAIL, { password: 'nobody knows', status: 'FORCE_CHANGE_PASSWORD' }); },
  'a sign-up of the attacker by another way into the pool': (pool) => {
    pool.add(EMAIL, { ...MALLORY, status: 'UNCONFIRMED', emailVerified: false });
  },
};

interface Story {
  readonly before: (pool: FakePool) => void;
  readonly behaviour: FakePoolBehaviour;
  readonly adopted?: boolean;
  /** Which of the mails that have come the victim takes the code from. */
  readonly takes: 'first' | 'newest';
  readonly pool?: (behaviour: FakePoolBehaviour) => FakePool;
}

/** The attacker registers, tries the password, guesses a code, tries again; the victim registers and confirms. In every order. */
function everyOrder({ before, behaviour, adopted = false, takes, pool: make = (how) => new FakePool(how) }: Story): Promise<number> {
  return inEveryOrder(() => {
    const pool = make(behaviour);
    before(pool);
    pool.now = AN_HOUR;
    let attackerIn = false;
    let confirmed: number | undefined;
    const attacker: Script<FakePool> = async (view, waitUntil) => {
      const { register: registers, confirm: confirms, login: logsIn } = api(view, { wait: untilSealed(pool, waitUntil) });
      const tries = async () => { attackerIn ||= await status(logsIn(request({ email: EMAIL, password: MALLORY.password }))) === 200; };
      await status(registers(request({ email: EMAIL, ...MALLORY })));
      await tries();
      // A guess is tried from the plain starts; here it would only multiply the orders.
      if (!adopted) await status(confirms(request({ email: EMAIL, code: WRONG_CODE, ...MALLORY })));
    };
    const victim: Script<FakePool> = async (view, waitUntil) => {
      const { register: registers, confirm: confirms } = api(view, { wait: untilSealed(pool, waitUntil) });
      await status(registers(request({ email: EMAIL, ...VICTIM })));
      await waitUntil(() => pool.mails.length > 0);
      const code = (takes === 'first' ? pool.mails[0] : pool.mails.at(-1)!).code;
      confirmed = await status(confirms(request({ email: EMAIL, code, ...VICTIM })));
    };
    return {
      pool,
      scripts: [attacker, victim],
      async check(order) {
        if (confirmed !== 204) {
          // Only where a later mail made the code of an earlier one worthless: then the newest one counts.
          if (behaviour.olderCodesCount !== false) throw new Error(`In the order ${order}: the code was not taken`);
          await api(pool).confirm(request({ email: EMAIL, code: pool.mails.at(-1)!.code, ...VICTIM }));
        }
        if (adopted && !await loggedIn(pool, VICTIM.password)) {
          // The attacker's registration took the account over at the very same time, and its random password came last.
          await api(pool).forgot(request({ email: EMAIL }));
          await api(pool).reset(request({ email: EMAIL, code: pool.mails.at(-1)!.code, password: VICTIM.password }));
        }
        const own = await loggedIn(pool, VICTIM.password);
        const foreign = attackerIn || await loggedIn(pool, MALLORY.password);
        // A name that is missing can be given again; the attacker's must not be there.
        const { displayName = adopted ? VICTIM.displayName : undefined } = pool.of(EMAIL);
        if (!own || foreign || displayName !== VICTIM.displayName) throw new Error(`In the order ${order}: ${JSON.stringify({ own, foreign, displayName })}`);
      },
    };
  });
}

describe.each(Object.entries(BEFORE))('the address had before: %s', (_, before) => {
  test.each([
    [true, 'first'], [true, 'newest'], [false, 'first'], [false, 'newest'],
  ] as const)('only the password given with the code opens the account, in every order of the calls (older codes count: %s, the %s mail)', async (olderCodesCount, takes) => {
    expect(await everyOrder({ before, behaviour: { olderCodesCount }, takes })).toBeGreaterThan(100);
  });
});

test.each(Object.entries(ADOPTED))('no password but the one given with the code opens an account that had before: %s', async (_, before) => {
  expect(await everyOrder({ before, adopted: true, behaviour: {}, takes: 'first' })).toBeGreaterThan(100);
});

test('the orders find a registration that keeps a password', async () => {
  class Keeping extends FakePool {
    override async seal(username: string) {
      await super.seal(username);
      this.users.get(username)!.password = MALLORY.password;
    }
  }
  await expect(everyOrder({ before: BEFORE.nothing, behaviour: {}, takes: 'newest', pool: (how) => new Keeping(how) })).rejects.toThrow(/"foreign":true/);
});

test('the orders find a registration that seals an account which another one is making', async () => {
  class Hasty extends FakePool {
    override async status(username: string) {
      return { ...await super.status(username), createdAt: -AN_HOUR };
    }
  }
  await expect(everyOrder({ before: BEFORE.nothing, behaviour: {}, takes: 'first', pool: (how) => new Hasty(how) }))
    .rejects.toThrow(/"own":false/);
});

test('two registrations at once, of one address, end in one account and a code', async () => {
  const orders = await inEveryOrder(() => {
    const pool = new FakePool();
    pool.now = AN_HOUR;
    const answers: number[] = [];
    const registers: Script<FakePool> = async (view, waitUntil) => {
      answers.push(await status(api(view, { wait: untilSealed(pool, waitUntil) }).register(request({ email: EMAIL }))));
    };
    return {
      pool,
      scripts: [registers, registers],
      async check(order) {
        expect([order, answers, pool.users.size, pool.mails.length > 0]).toEqual([order, [201, 201], 1, true]);
      },
    };
  });
  expect(orders).toBe(22);
});

/** A user pool that refuses the first sealing for the quota of requests per second. */
class Throttled extends FakePool {
  private throttles = 1;

  override async seal(username: string) {
    if (this.throttles > 0) {
      this.throttles -= 1;
      this.calls.push('seal');
      throw new Refusal('too-many-requests', { retryAfter: 5 });
    }
    await super.seal(username);
  }
}

test('clients that obey Retry-After get a code, and 201 is answered only with a mail, in every order of two registrations of which one is throttled at sealing', async () => {
  const orders = await inEveryOrder(() => {
    const pool = new Throttled();
    let now = AN_HOUR;
    pool.now = now;
    const silent: number[] = [];
    const registers: Script<FakePool> = async (view) => {
      const { register: handle } = api(view, { clock: () => now });
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const problem = await handle(request({ email: EMAIL })).then(() => undefined, (error) => error);
        if (problem === undefined) {
          if (pool.mails.length === 0) silent.push(attempt);
          return;
        }
        now += Math.ceil(problem.details.retryAfter) * 1_000 + 1;
      }
      throw new Error('four attempts were not enough');
    };
    return {
      pool,
      scripts: [registers, registers],
      async check(order) {
        expect([order, silent, pool.users.size, pool.mails.length > 0]).toEqual([order, [], 1, true]);
      },
    };
  });
  expect(orders).toBeGreaterThan(20);
});

test('a session that was opened before the password was set is worth nothing afterwards, in every order', async () => {
  await inEveryOrder(() => {
    const pool = new FakePool();
    pool.add(EMAIL, { password: MALLORY.password });
    let refreshToken: string | undefined;
    return {
      pool,
      scripts: [
        async (view) => {
          const answer = await api(view).login(request({ email: EMAIL, password: MALLORY.password })).catch(() => undefined);
          refreshToken = (answer?.body as { refreshToken: string } | undefined)?.refreshToken;
        },
        async (view) => {
          await api(view).forgot(request({ email: EMAIL }));
          await api(view).reset(request({ email: EMAIL, code: pool.mails[0].code, password: VICTIM.password }));
        },
      ],
      async check(order) {
        const alive = refreshToken !== undefined && await status(api(pool).refresh(request({ refreshToken }))) === 200;
        expect([order, alive, await loggedIn(pool, MALLORY.password), await loggedIn(pool, VICTIM.password)]).toEqual([order, false, false, true]);
      },
    };
  });
});
