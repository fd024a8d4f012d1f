import { ParleyError } from './errors.js';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface HttpOptions {
  /** Where the server is, for example `https://chat.example`. */
  url: string;
  fetch?: Fetch;
}

/** One request with JSON in and out; every failure becomes a `ParleyError`. */
export async function httpJson<Answer>(
  { url, fetch: given }: HttpOptions,
  method: string,
  path: string,
  body?: unknown,
  token?: string
): Promise<Answer> {
  const fetch: Fetch = given ?? ((input, init) => globalThis.fetch(input, init));
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  let response: Response;
  let answer: unknown;
  try {
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    response = await fetch(httpBase(url) + path, init);
    answer = await readJson(response);
  } catch (failure) {
    throw new ParleyError({ code: 'unreachable', message: `no answer from ${url}: ${String(failure)}`, retry: 'same' });
  }
  if (!response.ok) throw httpError(response.status, answer, url);
  return answer as Answer;
}

/** `https://chat.example/` and `wss://chat.example` both mean `https://chat.example`. */
export function httpBase(url: string): string {
  return url.replace(/^ws/, 'http').replace(/\/+$/, '');
}

export function webSocketBase(url: string): string {
  return httpBase(url).replace(/^http/, 'ws');
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

export function httpError(status: number, answer: unknown, url: string): ParleyError {
  const frame = answer as { code?: unknown; message?: string; retry?: string; retryAfterMs?: number; field?: string };
  if (frame && typeof frame === 'object' && typeof frame.code === 'string') {
    return new ParleyError({ ...frame, code: frame.code, status });
  }
  // Not Parley's error object, so a proxy or another server spoke.
  const retry = status >= 500 || status === 429 ? 'same' : 'no';
  return new ParleyError({ code: 'unreachable', message: `${url} answered HTTP ${status}`, retry, status });
}
