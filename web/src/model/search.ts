import { signal } from '@preact/signals';
import { ParleyError, type Client, type Message } from '@parley/sdk';

const resultsMax = 50;

/** A search over everything the user may read. What it found stays while one looks at a result. */
export class Search {
  readonly text = signal('');
  readonly results = signal<readonly Message[]>([]);
  readonly state = signal<'idle' | 'busy' | 'done' | 'failed'>('idle');
  readonly failure = signal('');
  readonly #client: Client;
  #running: AbortController | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  async run(text: string, conversation?: string): Promise<void> {
    this.#running?.abort();
    this.text.value = text;
    this.failure.value = '';
    if (text.trim() === '') {
      this.results.value = [];
      this.state.value = 'idle';
      return;
    }
    const running = (this.#running = new AbortController());
    this.state.value = 'busy';
    try {
      const found = await this.#client.search(text.trim(), { limit: resultsMax, ...(conversation !== undefined && { conversation }) }, running.signal);
      this.results.value = found.filter((entry): entry is Message => entry.type === 'message' && !entry.deleted);
      this.state.value = 'done';
    } catch (failure) {
      if (running.signal.aborted) return;
      this.state.value = 'failed';
      this.failure.value = failure instanceof ParleyError ? failure.message : String(failure);
    }
  }
}

/** The part of a text around what was searched for, as before, found and after. */
export function snippet(text: string, wanted: string): [string, string, string] {
  const at = text.toLowerCase().indexOf(wanted.trim().toLowerCase());
  if (at < 0) return [text.slice(0, 120), '', ''];
  const end = at + wanted.trim().length;
  const from = at > 40 ? at - 30 : 0;
  return [`${from > 0 ? '…' : ''}${text.slice(from, at)}`, text.slice(at, end), text.slice(end, end + 100)];
}
