import { signal } from '@preact/signals';
import { login, ParleyError, refresh, register, type Session, type TokenSource } from '@parley/sdk';

const url = location.origin;
const sessionKey = 'parley.session';
const deviceKey = 'parley.device';

/** Who is signed in in this browser, if anybody. */
export const account = signal<Session | undefined>(stored());

/** Why somebody was signed out, to be shown where one signs in again. */
export const signedOutBecause = signal('');

// Another tab signed in or out, or refreshed the token.
addEventListener('storage', (event) => {
  if (event.key === sessionKey || event.key === null) account.value = stored();
});

export async function signIn(user: string, password: string): Promise<void> {
  keep(await login({ url, user, password, device: device() }));
}

export async function signUp(user: string, password: string): Promise<void> {
  await register({ url, user, password });
  // The session of `register` belongs to no device; that of `login` ends when this device is revoked.
  await signIn(user, password);
}

/** Forgets the session. The next one is another device, so that nothing of this one is left to it. */
export function signOut(reason = ''): void {
  localStorage.removeItem(sessionKey);
  localStorage.removeItem(deviceKey);
  signedOutBecause.value = reason;
  account.value = undefined;
}

/** A random name for this browser. */
export function device(): string {
  let name = localStorage.getItem(deviceKey);
  if (!name) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    name = `web-${Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('')}`;
    localStorage.setItem(deviceKey, name);
  }
  return name;
}

/** Tokens for the connection. All tabs share one session, and only one of them refreshes it at a time. */
export const tokens: TokenSource = {
  get user() {
    return account.value?.user;
  },
  async token(refused) {
    const session = account.value;
    if (session && works(session, refused)) return session.token;
    return alone(async () => {
      const latest = stored();
      if (!latest) throw new ParleyError({ code: 'unauthenticated', message: 'signed out' });
      if (works(latest, refused)) {
        account.value = latest;
        return latest.token;
      }
      return (await renew(latest)).token;
    });
  },
};

const earlyMs = 30_000;

function works(session: Session, refused: string | undefined): boolean {
  return session.token !== refused && session.expiresAt - Date.now() > earlyMs;
}

async function renew(session: Session): Promise<Session> {
  try {
    const renewed = await refresh({ url, refreshToken: session.refreshToken });
    keep(renewed);
    return renewed;
  } catch (failure) {
    if (failure instanceof ParleyError && failure.status === 401) {
      throw new ParleyError({ code: 'unauthenticated', message: failure.message });
    }
    throw failure;
  }
}

// A refresh token works once, and its second use ends the session everywhere, so tabs must not race for it.
// Browsers offer locks in secure contexts only; elsewhere a race between tabs is possible and means a new login.
async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  return navigator.locks ? await navigator.locks.request('parley.session', work) : work();
}

function keep(session: Session): void {
  localStorage.setItem(sessionKey, JSON.stringify(session));
  signedOutBecause.value = '';
  account.value = session;
}

function stored(): Session | undefined {
  try {
    return (JSON.parse(localStorage.getItem(sessionKey) ?? 'null') as Session | null) ?? undefined;
  } catch {
    return undefined;
  }
}
