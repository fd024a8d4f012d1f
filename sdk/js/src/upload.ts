import { ParleyError } from './errors.js';
import { httpBase, httpError, type HttpOptions } from './http.js';
import type { StoredFile } from './rest.js';

export interface UploadOptions {
  /** Default: the file's own. */
  name?: string;
  mime?: string;
  signal?: AbortSignal;
  /** Called with the part that has been sent, 0 to 1. Browsers only; elsewhere it is called once, at the end. */
  onProgress?: (part: number) => void;
}

export const fileBytesMax = 25 * 1024 * 1024;

/** Sends a file. Browsers tell progress by XMLHttpRequest only, other runtimes have none. */
export async function upload({ url, fetch }: HttpOptions, token: string, file: Blob, options: UploadOptions): Promise<StoredFile> {
  if (file.size > fileBytesMax) throw new ParleyError({ code: 'too_large', message: 'a file has at most 25 MiB' });
  const name = options.name ?? (file as { name?: string }).name ?? 'file';
  const address = `${httpBase(url)}/v1/files?${new URLSearchParams({ name })}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': options.mime || file.type || 'application/octet-stream' };
  const send = typeof XMLHttpRequest === 'function' && !fetch ? byXhr : byFetch(fetch ?? globalThis.fetch);
  const { status, text } = await send(address, headers, file, options).catch((failure) => {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new ParleyError({ code: 'unreachable', message: `no answer from ${url}: ${String(failure)}`, retry: 'same' });
  });
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (status < 200 || status > 299) throw httpError(status, answer, url);
  options.onProgress?.(1);
  return answer as StoredFile;
}

interface Answer {
  status: number;
  text: string;
}

type Send = (address: string, headers: Record<string, string>, file: Blob, options: UploadOptions) => Promise<Answer>;

function byFetch(fetch: (input: string, init?: RequestInit) => Promise<Response>): Send {
  return async (address, headers, file, { signal }) => {
    const response = await fetch(address, { method: 'POST', headers, body: file, ...(signal && { signal }) });
    return { status: response.status, text: await response.text() };
  };
}

const byXhr: Send = (address, headers, file, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = request.onabort = () => reject(new Error('the upload was cut off'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    if (signal?.aborted) return reject(signal.reason);
    request.send(file);
  });
