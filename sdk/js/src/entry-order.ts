import type { Entry } from './protocol.js';

interface Track {
  /** The last seq that was delivered; everything up to it counts as seen. */
  position: number;
  /** The highest seq that arrived, kept or not. */
  heard: number;
  /** Entries that came early, by seq. */
  early: Map<number, Entry>;
}

/** The entries between two known ones: `after` and `before` are there, what lies between is not. */
export interface Hole {
  after: number;
  before: number;
}

/**
 * Turns what arrives into what the application sees: each conversation in the order of its log, without
 * repetitions and without holes. An entry that comes early waits until the ones before it are there.
 *
 * The first entry seen of a conversation sets where it begins; what is older is history, not news.
 */
export class EntryOrder {
  readonly #tracks = new Map<string, Track>();
  readonly #earlyMax: number;

  /** At most `earlyMax` entries of a conversation wait; those beyond come again when the hole is filled. */
  constructor(earlyMax = 1000) {
    this.#earlyMax = earlyMax;
  }

  /** The last seq delivered of a conversation, or undefined before the first. */
  position(conversation: string): number | undefined {
    return this.#tracks.get(conversation)?.position;
  }

  /** Takes an entry in and returns what can be delivered now, in order. */
  accept(entry: Entry): Entry[] {
    const track = this.#trackFrom(entry.conversation, entry.seq - 1);
    if (entry.seq <= track.position) return [];
    track.heard = Math.max(track.heard, entry.seq);
    if (entry.seq !== track.position + 1) {
      if (track.early.size < this.#earlyMax) track.early.set(entry.seq, entry);
      return [];
    }
    track.position = entry.seq;
    track.early.delete(entry.seq);
    return [entry, ...release(track)];
  }

  /**
   * Gives up on the entries up to `seq`, or up to the next one that is here if that comes first. Returns
   * what waited behind them, in order. For a conversation not seen yet, `seq` is where it begins.
   */
  skipTo(conversation: string, seq: number): Entry[] {
    const track = this.#trackFrom(conversation, seq);
    track.heard = Math.max(track.heard, seq);
    track.position = Math.max(track.position, Math.min(seq, ...[...track.early.keys()].map((early) => early - 1)));
    return release(track);
  }

  /** What is missing between the last delivered entry and the next one that is here, if anything is. */
  hole(conversation: string): Hole | undefined {
    const track = this.#tracks.get(conversation);
    if (!track || track.heard <= track.position) return undefined;
    return { after: track.position, before: Math.min(track.heard + 1, ...track.early.keys()) };
  }

  /** The conversations seen so far. */
  conversations(): string[] {
    return [...this.#tracks.keys()];
  }

  #trackFrom(conversation: string, position: number): Track {
    let track = this.#tracks.get(conversation);
    if (!track) this.#tracks.set(conversation, (track = { position, heard: position, early: new Map() }));
    return track;
  }
}

function release(track: Track): Entry[] {
  const ready: Entry[] = [];
  for (let next = track.early.get(track.position + 1); next; next = track.early.get(track.position + 1)) {
    track.early.delete(next.seq);
    track.position = next.seq;
    ready.push(next);
  }
  return ready;
}
