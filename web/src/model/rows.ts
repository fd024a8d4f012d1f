import type { Entry, MemberChange, Message, Updated } from '@parley/sdk';
import type { Unsent } from './outbox';

/** What a chat shows below each other. */
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'message'; key: string; message: Message; first: boolean; last: boolean }
  | { kind: 'unsent'; key: string; message: Unsent; first: boolean; last: boolean }
  | { kind: 'event'; key: string; entry: MemberChange | Updated }
  | { kind: 'unread'; key: string };

// Messages of one user that follow each other this closely are shown as one block.
const blockMs = 5 * 60_000;

/** Puts the log and the unsent messages below each other, by day and block. `unreadFrom` is where the mark "new" goes. */
export function rowsOf(entries: readonly Entry[], unsent: readonly Unsent[], me: string, unreadFrom: number | undefined): Row[] {
  const rows: Row[] = [];
  let day = { key: '', at: 0 };
  const place = (at: number, row: Row) => {
    const key = new Date(at).toDateString();
    // Clocks of servers differ a little: an entry never opens a day that lies before the one above it.
    if (key !== day.key && at > day.at) {
      day = { key, at };
      rows.push({ kind: 'day', key: `day ${key}`, at });
    }
    rows.push(row);
  };

  let above: { from: string; ts: number; row: Row & { last: boolean } } | undefined;
  const block = (from: string, ts: number, make: (first: boolean) => Row & { last: boolean }) => {
    const sameDay = above !== undefined && new Date(above.ts).toDateString() === new Date(ts).toDateString();
    const joined = above !== undefined && above.from === from && ts - above.ts < blockMs && sameDay;
    if (joined) above!.row.last = false;
    const row = make(!joined);
    place(ts, row);
    above = { from, ts, row };
  };

  for (const entry of entries) {
    if (entry.seq === unreadFrom) {
      above = undefined;
      place(entry.ts, { kind: 'unread', key: 'unread' });
    }
    if (entry.type === 'message') {
      // A message keeps its key from being unsent to being in the log, so that it does not flash.
      const key = entry.clientId && entry.from === me ? entry.clientId : entry.id;
      block(entry.from, entry.ts, (first) => ({ kind: 'message', key, message: entry, first, last: true }));
    } else if (entry.type === 'member' || entry.type === 'updated') {
      above = undefined;
      place(entry.ts, { kind: 'event', key: entry.id, entry });
    }
  }
  for (const message of unsent) {
    const ts = Math.max(message.at, above?.ts ?? 0);
    block(me, ts, (first) => ({ kind: 'unsent', key: message.clientId, message, first, last: true }));
  }
  return rows;
}

/** Whether an entry has a row of its own. */
export function hasRow({ type }: Entry): boolean {
  return type === 'message' || type === 'member' || type === 'updated';
}

// As the style sheet makes them, at the usual width; what is shown is measured.
const linePx = 22;
const lineLetters = 62;

/** About how high a row is that was not shown yet. */
export function guessedPx(row: Row): number {
  if (row.kind !== 'message' && row.kind !== 'unsent') return 46;
  const { text = '', attachments = [] } = row.message;
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / lineLetters)), 0);
  const files = attachments.reduce((sum, { mime }) => sum + (mime?.startsWith('image/') ? 250 : 60), 0);
  return 16 + lines * linePx + files + (row.first ? 10 : 3) + (row.message.replyTo === undefined ? 0 : 50);
}
