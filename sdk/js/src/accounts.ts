import { systemClock, type Clock } from './clock.js';
import { ParleyError } from './errors.js';
import { httpJson, type HttpOptions } from './http.js';

/** A logged-in account: what `register`, `login` and `refresh` answer. */
export interface Session {
  user: string;
  token: string;
  refreshToken: string;
  /** When `token` expires. */
  expiresAt: number;
}

export interface PasswordOptions extends HttpOptions {
  user: string;
  password: string;
}

/** Makes an account and logs it in. */
export function register(options: PasswordOptions & { name?: string }): Promise<Session> {
  const { user, password, name } = options;
  return httpJson(options, 'POST', '/v1/register', { user, password, name });
}

/** Logs in. A token for a `device` works for that device only and ends when the device is revoked. */
export function login(options: PasswordOptions & { device?: string }): Promise<Session> {
  const { user, password, device } = options;
  return httpJson(options, 'POST', '/v1/login', { user, password, device });
}

/** Trades a refresh token for a new session. It works once: using it again revokes all that came of it. */
export function refresh(options: HttpOptions & { refreshToken: string }): Promise<Session> {
  return httpJson(options, 'POST', '/v1/token', { refreshToken: options.refreshToken });
}

/** Where a client gets its tokens from. */
export interface TokenSource {
  /** Whose tokens these are, where that is known. It keeps apart what is stored for several users. */
  readonly user?: string | undefined;
  /** A token that works now. `refused` is the one that the server has just refused, if it did. */
  token(refused?: string): Promise<string>;
}

export interface CredentialsOptions extends HttpOptions {
  session: Session;
  /** Called with each new session, so that it can be stored: the old refresh token no longer works. */
  onChange?: (session: Session) => void;
  clock?: Clock;
}

/** A token source for Parley's own accounts: keeps a session and refreshes it when it is about to expire. */
export class Credentials implements TokenSource {
  readonly #options: CredentialsOptions;
  readonly #clock: Clock;
  #session: Session;
  #refreshing: Promise<Session> | undefined;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#session = options.session;
  }

  get session(): Session {
    return this.#session;
  }

  get user(): string {
    return this.#session.user;
  }

  async token(refused?: string): Promise<string> {
    if (this.#session.token !== refused && this.#session.expiresAt - this.#clock.now() > earlyMs) {
      return this.#session.token;
    }
    // One refresh at a time, whoever asks: a second use of the same refresh token would revoke everything.
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return (await this.#refreshing).token;
  }

  async #refresh(): Promise<Session> {
    try {
      this.#session = await refresh({ ...this.#options, refreshToken: this.#session.refreshToken });
    } catch (failure) {
      // The server's word on a bad refresh token is `reauth`, which for a client means: log in again.
      if (failure instanceof ParleyError && failure.status === 401) {
        throw new ParleyError({ code: 'unauthenticated', message: failure.message, retry: 'no', status: 401 });
      }
      throw failure;
    }
    this.#options.onChange?.(this.#session);
    return this.#session;
  }
}

const earlyMs = 30_000;

/** Makes a token source of a fixed token, or of a function that fetches one. */
export function tokenSource(token: string | (() => string | Promise<string>) | TokenSource): TokenSource {
  if (typeof token === 'object') return token;
  if (typeof token === 'function') return { token: async () => token() };
  return {
    token: async (refused) => {
      if (refused === token) throw new ParleyError({ code: 'unauthenticated', message: 'the token was refused' });
      return token;
    },
  };
}
