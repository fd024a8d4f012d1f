import type { TokenSource } from './accounts.js';
import { ParleyError } from './errors.js';
import { httpBase, httpJson, type HttpOptions } from './http.js';
import type { Ack, Attachment, Conversation, History, Json, Page } from './protocol.js';
import type { Content, Destination, HistoryRange } from './requests.js';
import { upload, type UploadOptions } from './upload.js';
import { uuidv7 } from './uuid.js';

export interface Profile {
  user: string;
  name?: string;
}

export interface Device {
  device: string;
  lastUsed?: number;
  push?: { kind: string };
}

/** An uploaded file, as it goes into the `attachments` of a message. */
export interface StoredFile extends Attachment {
  name: string;
  size: number;
  mime: string;
  /** In lower-case hexadecimal. */
  sha256: string;
}

export interface RestOptions extends HttpOptions {
  tokens: TokenSource;
}

/** What Parley offers over HTTP. It needs no connection. */
export class Rest {
  readonly #options: RestOptions;

  constructor(options: RestOptions) {
    this.#options = options;
  }

  me(): Promise<Profile> {
    return this.#json('GET', '/v1/me');
  }

  /** Changes the own display name. */
  rename(name: string): Promise<Profile> {
    return this.#json('PATCH', '/v1/me', { name });
  }

  user(user: string): Promise<Profile> {
    return this.#json('GET', `/v1/users/${encodeURIComponent(user)}`);
  }

  /** Users whose name or id begins with or holds the text. */
  async users(text: string): Promise<Profile[]> {
    const { items } = await this.#json<{ items: Profile[] }>('GET', `/v1/users?${new URLSearchParams({ q: text })}`);
    return items;
  }

  async devices(): Promise<Device[]> {
    const { items } = await this.#json<{ items: Device[] }>('GET', '/v1/devices');
    return items;
  }

  /** Sets where push notifications of a device go. */
  async setPush(device: string, push: { kind: 'webpush' | 'fcm' | 'apns' | 'webhook'; [field: string]: Json }): Promise<void> {
    await this.#json('PUT', `/v1/devices/${encodeURIComponent(device)}`, { push });
  }

  /** Signs a device out: its sessions, its tokens and its place in conversations end. */
  async revoke(device: string): Promise<void> {
    await this.#json('DELETE', `/v1/devices/${encodeURIComponent(device)}`);
  }

  conversations(page: { after?: string; limit?: number } = {}): Promise<Page<Conversation>> {
    return this.#json('GET', `/v1/conversations${query(page)}`);
  }

  conversation(conversation: string): Promise<Conversation> {
    return this.#json('GET', `/v1/conversations/${encodeURIComponent(conversation)}`);
  }

  history(conversation: string, range: HistoryRange & { limit?: number } = {}): Promise<History> {
    return this.#json('GET', `/v1/conversations/${encodeURIComponent(conversation)}/messages${query(range)}`);
  }

  /** Sends a message without a connection. It is not repeated by itself; do so with the same `clientId`. */
  send(message: Destination & Content, { clientId = uuidv7() }: { clientId?: string } = {}): Promise<Ack> {
    const { conversation, ...rest } = message;
    const path = conversation === undefined ? '/v1/messages' : `/v1/conversations/${encodeURIComponent(conversation)}/messages`;
    return this.#json('POST', path, { ...rest, clientId });
  }

  /** Uploads a file, at most 25 MiB, to be attached to messages. */
  upload(file: Blob, options: UploadOptions = {}): Promise<StoredFile> {
    return this.#authorized((token) => upload(this.#options, token, file, options));
  }

  /** Downloads an attachment. */
  download(file: string, signal?: AbortSignal): Promise<Blob> {
    const { url, fetch = globalThis.fetch.bind(globalThis) } = this.#options;
    return this.#authorized(async (token) => {
      let response: Response;
      try {
        response = await fetch(httpBase(url) + filePath(file), { headers: { authorization: `Bearer ${token}` }, ...(signal && { signal }) });
        if (response.ok) return await response.blob();
      } catch (failure) {
        if (signal?.aborted) throw signal.reason;
        throw new ParleyError({ code: 'unreachable', message: `no answer from ${url}: ${String(failure)}`, retry: 'same' });
      }
      const code = response.status === 404 ? 'not_found' : response.status === 401 ? 'unauthenticated' : 'unreachable';
      throw new ParleyError({ code, message: `HTTP ${response.status}`, status: response.status });
    });
  }

  /** An address of an attachment with the token in it, for what can set no header. It works as long as the token. */
  async fileUrl(file: string): Promise<string> {
    const token = await this.#options.tokens.token();
    return `${httpBase(this.#options.url)}${filePath(file)}?${new URLSearchParams({ token })}`;
  }

  #json<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.#authorized((token) => httpJson<Answer>(this.#options, method, path, body, token));
  }

  // A refused token is replaced once.
  async #authorized<Answer>(work: (token: string) => Promise<Answer>): Promise<Answer> {
    const { tokens } = this.#options;
    const token = await tokens.token();
    try {
      return await work(token);
    } catch (failure) {
      if (!(failure instanceof ParleyError) || failure.status !== 401) throw failure;
      return work(await tokens.token(token));
    }
  }
}

function filePath(file: string): string {
  return `/v1/files/${encodeURIComponent(file)}`;
}

function query(fields: object): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
