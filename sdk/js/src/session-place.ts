import type { Frame, Welcome } from './protocol.js';
import type { ResumePoint } from './transport.js';

/** The session that the server holds for this client, how far it was heard, and until when it can be resumed. */
export class SessionPlace {
  #point: ResumePoint | undefined;
  #windowMs = 0;
  #lostAt = Infinity;

  welcomed(welcome: Welcome): void {
    const { session, resumeKey, resumed, resumeWindowMs } = welcome;
    this.#point = { welcome, session, key: resumeKey, s: resumed && this.#point ? this.#point.s : 0 };
    this.#windowMs = resumeWindowMs;
    this.#lostAt = Infinity;
  }

  /** Whether this frame is new. A resumed session repeats what the server cannot know to have arrived. */
  isNew({ s }: Frame): boolean {
    if (typeof s !== 'number' || !this.#point) return true;
    if (s <= this.#point.s) return false;
    this.#point.s = s;
    return true;
  }

  lost(now: number): void {
    this.#lostAt = now;
  }

  forget(): void {
    this.#point = undefined;
  }

  resumable(now: number): ResumePoint | undefined {
    if (!this.#point) return undefined;
    const lostFor = this.#lostAt === Infinity ? 0 : now - this.#lostAt;
    return lostFor < this.#windowMs ? { ...this.#point } : undefined;
  }
}
