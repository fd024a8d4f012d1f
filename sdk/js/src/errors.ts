/** What to do about an error: nothing, repeat now, repeat after `retryAfterMs`, or get a new token first. */
export type Retry = 'no' | 'same' | 'later' | 'reauth';

/** The codes of the protocol, and those this library adds for what never reached a server. */
export type ErrorCode =
  | 'bad_frame' | 'unknown_type' | 'invalid_argument'
  | 'unauthenticated' | 'token_expired'
  | 'forbidden' | 'blocked' | 'not_found' | 'conflict' | 'client_id_conflict'
  | 'too_large' | 'too_many' | 'rate_limited' | 'overloaded'
  | 'unavailable' | 'timeout' | 'internal'
  /** The client was closed, or the connection ended under a request that may not be repeated. */
  | 'disconnected'
  /** No answer over HTTP: offline, a wrong address, or a proxy that is not Parley. */
  | 'unreachable';

export interface ErrorFields {
  code: string;
  message?: string;
  retry?: string;
  retryAfterMs?: number;
  field?: string;
  status?: number;
  closeCode?: number;
}

export class ParleyError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly retryAfterMs: number | undefined;
  /** The field of the request that was wrong. */
  readonly field: string | undefined;
  /** The HTTP status, for errors that came over HTTP. */
  readonly status: number | undefined;
  /** The WebSocket close code, for errors that ended the connection. */
  readonly closeCode: number | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message || fields.code);
    this.name = 'ParleyError';
    // A newer server may know codes that this version does not; they pass through unchanged.
    this.code = fields.code as ErrorCode;
    this.retry = isRetry(fields.retry) ? fields.retry : 'no';
    this.retryAfterMs = fields.retryAfterMs;
    this.field = fields.field;
    this.status = fields.status;
    this.closeCode = fields.closeCode;
  }
}

function isRetry(word: string | undefined): word is Retry {
  return word === 'no' || word === 'same' || word === 'later' || word === 'reauth';
}
