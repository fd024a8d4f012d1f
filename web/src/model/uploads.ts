import { signal } from '@preact/signals';
import { fileBytesMax, ParleyError, type Attachment, type Rest } from '@parley/sdk';

export const attachmentsMax = 10;

/** A file that is about to be sent with a message. */
export interface Upload {
  id: number;
  place: string;
  file: File;
  /** The part that has been sent, 0 to 1. */
  progress: number;
  /** What to attach, once it is at the server. */
  stored?: Attachment;
  failure?: string;
}

/** Files on their way to the server, by the chat they were put into. */
export class Uploads {
  readonly all = signal<readonly Upload[]>([]);
  readonly #rest: Rest;
  readonly #running = new Map<number, AbortController>();
  #ids = 0;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  in(place: string): Upload[] {
    return this.all.value.filter((upload) => upload.place === place);
  }

  add(place: string, files: readonly File[]): void {
    for (const file of files) {
      const upload: Upload = { id: ++this.#ids, place, file, progress: 0 };
      const failure = this.#refusal(place, file);
      this.all.value = [...this.all.value, failure === undefined ? upload : { ...upload, failure }];
      if (failure === undefined) void this.#run(upload);
    }
  }

  retry(id: number): void {
    const upload = this.all.value.find((one) => one.id === id);
    if (!upload || upload.file.size > fileBytesMax) return;
    const { failure: _failure, ...again } = upload;
    this.#replace({ ...again, progress: 0 });
    void this.#run(again);
  }

  remove(id: number): void {
    this.#running.get(id)?.abort();
    this.all.value = this.all.value.filter((upload) => upload.id !== id);
  }

  /** Takes out what can be sent with a message now. */
  take(place: string): Attachment[] {
    const ready = this.in(place).filter(({ stored }) => stored);
    this.all.value = this.all.value.filter((upload) => !ready.includes(upload));
    return ready.map(({ stored }) => stored!);
  }

  #refusal(place: string, file: File): string | undefined {
    if (file.size > fileBytesMax) return 'Too large: a file may have 25 MiB';
    if (file.size === 0) return 'This file is empty';
    const others = this.in(place).filter(({ failure }) => failure === undefined);
    return others.length >= attachmentsMax ? `A message holds ${attachmentsMax} files` : undefined;
  }

  async #run({ id, file }: Upload): Promise<void> {
    const giveUp = new AbortController();
    this.#running.set(id, giveUp);
    const change = (to: Partial<Upload>) => {
      const known = this.all.value.find((one) => one.id === id);
      if (known) this.#replace({ ...known, ...to });
    };
    try {
      const stored = await this.#rest.upload(file, { name: file.name, signal: giveUp.signal, onProgress: (progress) => change({ progress }) });
      change({ progress: 1, stored: { file: stored.file, name: stored.name ?? file.name, size: stored.size ?? file.size, mime: stored.mime ?? file.type } });
    } catch (failure) {
      if (!giveUp.signal.aborted) change({ failure: failureText(failure) });
    } finally {
      this.#running.delete(id);
    }
  }

  #replace(upload: Upload): void {
    this.all.value = this.all.value.map((one) => (one.id === upload.id ? upload : one));
  }
}

function failureText(failure: unknown): string {
  if (!(failure instanceof ParleyError)) return String(failure);
  if (failure.code === 'too_large') return 'Too large: a file may have 25 MiB';
  return failure.code === 'unreachable' ? 'The server could not be reached' : failure.message;
}
