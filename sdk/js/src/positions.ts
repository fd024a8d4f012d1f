export interface Position {
  conversation: string;
  seq: number;
}

export interface PositionFrame {
  type: 'received' | 'read';
  positions: Position[];
  private?: true;
}

type Kind = 'received' | 'read' | 'private';

/**
 * What this device has received and what its user has read. Positions only move forward, so they can be
 * merged while offline, sent several at once, and repeated after every `welcome`.
 */
export class Positions {
  readonly #highest: Record<Kind, Map<string, number>> = {
    received: new Map(),
    read: new Map(),
    private: new Map(),
  };
  readonly #changed: Record<Kind, Set<string>> = { received: new Set(), read: new Set(), private: new Set() };
  readonly #perFrame: number;

  /** `perFrame` keeps a frame with many positions below the server's frame limit. */
  constructor(perFrame = 400) {
    this.#perFrame = perFrame;
  }

  received(conversation: string, seq: number): void {
    if (seq > this.#covered('received', conversation)) this.#raise('received', conversation, seq);
  }

  /** A private read moves the user's own badge only and is not shown to others. */
  read(conversation: string, seq: number, hidden = false): void {
    const kind: Kind = hidden ? 'private' : 'read';
    if (seq > this.#covered(kind, conversation)) this.#raise(kind, conversation, seq);
  }

  /** Marks every known position as to be sent, as a client does after each `welcome`. */
  repeatAll(): void {
    for (const kind of ['received', 'read', 'private'] as const) {
      for (const conversation of this.#highest[kind].keys()) this.#changed[kind].add(conversation);
    }
  }

  /** Takes the frames to send now; afterwards nothing is due until something moves. */
  take(): PositionFrame[] {
    const frames: PositionFrame[] = [];
    for (const kind of ['read', 'private', 'received'] as const) {
      const due = [...this.#changed[kind]]
        .map((conversation) => ({ conversation, seq: this.#highest[kind].get(conversation)! }))
        // Reading implies receiving, and a public read implies a private one.
        .filter(({ conversation, seq }) => seq > this.#implied(kind, conversation));
      this.#changed[kind].clear();
      for (let at = 0; at < due.length; at += this.#perFrame) {
        const positions = due.slice(at, at + this.#perFrame);
        if (kind === 'private') frames.push({ type: 'read', positions, private: true });
        else frames.push({ type: kind, positions });
      }
    }
    return frames;
  }

  /** The frame did not reach the server: its positions are due again. */
  putBack(frame: PositionFrame): void {
    const kind: Kind = frame.private ? 'private' : frame.type;
    for (const { conversation } of frame.positions) {
      if (this.#highest[kind].has(conversation)) this.#changed[kind].add(conversation);
    }
  }

  /** The server refuses this position for good, for example in a conversation one is no member of. */
  forget(frame: PositionFrame): void {
    const kind: Kind = frame.private ? 'private' : frame.type;
    for (const { conversation, seq } of frame.positions) {
      if (this.#highest[kind].get(conversation) !== seq) continue;
      this.#highest[kind].delete(conversation);
      this.#changed[kind].delete(conversation);
    }
  }

  #raise(kind: Kind, conversation: string, seq: number): void {
    this.#highest[kind].set(conversation, seq);
    this.#changed[kind].add(conversation);
  }

  #covered(kind: Kind, conversation: string): number {
    return Math.max(this.#highest[kind].get(conversation) ?? 0, this.#implied(kind, conversation));
  }

  #implied(kind: Kind, conversation: string): number {
    const read = this.#highest.read.get(conversation) ?? 0;
    if (kind === 'read') return 0;
    if (kind === 'private') return read;
    return Math.max(read, this.#highest.private.get(conversation) ?? 0);
  }
}
