export type Listener<Event> = (event: Event) => void;

/** Typed events. Listeners run in the order they were added, at the moment of `emit`. */
export class Events<Types extends object> {
  readonly #listeners = new Map<keyof Types, Set<Listener<never>>>();

  /** Adds a listener and returns the function that takes it away again. */
  on<Name extends keyof Types>(name: Name, listener: Listener<Types[Name]>): () => void {
    let known = this.#listeners.get(name);
    if (!known) this.#listeners.set(name, (known = new Set()));
    known.add(listener as Listener<never>);
    return () => this.off(name, listener);
  }

  once<Name extends keyof Types>(name: Name, listener: Listener<Types[Name]>): () => void {
    const off = this.on(name, (event) => {
      off();
      listener(event);
    });
    return off;
  }

  off<Name extends keyof Types>(name: Name, listener: Listener<Types[Name]>): void {
    this.#listeners.get(name)?.delete(listener as Listener<never>);
  }

  protected emit<Name extends keyof Types>(name: Name, event: Types[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Types[Name]>)(event);
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
