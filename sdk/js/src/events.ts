export type Listener<Event> = (event: Event) => void;

/** Typed events. Listeners run in the order they were added, at the moment of `emit`. */
export class Events<Map extends object> {
  readonly #listeners = new globalThis.Map<keyof Map, Set<Listener<never>>>();

  /** Adds a listener and returns the function that takes it away again. */
  on<Name extends keyof Map>(name: Name, listener: Listener<Map[Name]>): () => void {
    let known = this.#listeners.get(name);
    if (!known) this.#listeners.set(name, (known = new Set()));
    known.add(listener as Listener<never>);
    return () => this.off(name, listener);
  }

  once<Name extends keyof Map>(name: Name, listener: Listener<Map[Name]>): () => void {
    const off = this.on(name, (event) => {
      off();
      listener(event);
    });
    return off;
  }

  off<Name extends keyof Map>(name: Name, listener: Listener<Map[Name]>): void {
    this.#listeners.get(name)?.delete(listener as Listener<never>);
  }

  protected emit<Name extends keyof Map>(name: Name, event: Map[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Map[Name]>)(event);
      } catch (failure) {
        // A listener that throws is a defect of the application. It is reported as an uncaught error,
        // but it may not stop the other listeners or the delivery of what comes next.
        queueMicrotask(() => {
          throw failure;
        });
      }
    }
  }
}
