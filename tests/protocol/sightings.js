import { frameProblems } from './schemas.js';

/** What was seen of the frames of a server: their types, their fields, and what does not fit their schemas. */
export class Sightings {
  #fields = new Map();
  #problems = new Map();

  note(frame) {
    const { type } = frame;
    if (!this.#fields.has(type)) this.#fields.set(type, new Set());
    for (const field of Object.keys(frame)) this.#fields.get(type).add(field);
    for (const item of frame.items ?? []) if (item.type) this.note(item);
    if (frame.last) this.note(frame.last);
    for (const problem of frameProblems(frame)) {
      // One example for each is enough, wherever in a list it stands.
      const line = `${type}: ${problem.replace(/\/\d+/g, '/…')}`;
      if (!this.#problems.has(line)) this.#problems.set(line, JSON.stringify(frame).slice(0, 2000));
    }
  }

  fieldsOf(type) {
    return this.#fields.get(type) ?? new Set();
  }

  /** Lines about frames of `type`, or of any. */
  problems(type) {
    return [...this.#problems]
      .filter(([line]) => type === undefined || line.startsWith(`${type}: `))
      .map(([line, frame]) => `${line} in ${frame}`);
  }
}
