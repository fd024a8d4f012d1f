/** A clock that stands still until a test moves it. */
export class ManualClock {
  #now = 1_790_000_000_000;
  #timers = new Map();
  #ids = 0;

  now() {
    return this.#now;
  }

  setTimeout(run, ms) {
    this.#timers.set(++this.#ids, { at: this.#now + ms, run });
    return this.#ids;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  /** Moves time on, running what is due in order, each with everything that follows from it. */
  async advance(ms) {
    const end = this.#now + ms;
    await settled();
    for (;;) {
      const [id, timer] = [...this.#timers].sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (!timer || timer.at > end) break;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settled();
    }
    this.#now = end;
  }
}

/** Everything that promises have to do is done. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}
