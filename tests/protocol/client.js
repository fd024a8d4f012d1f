import WebSocket from 'ws';

const waitMs = 10_000;

/** One connected device. Every frame that it is sent is noted in `sightings`, and waits to be taken. */
export class Client {
  /** The code and reason of the close, when it comes. */
  closed;
  /** The counter of the last push. */
  lastS = 0;
  #socket;
  #sightings;
  #frames = [];
  #waiting = [];
  #lastRef = 0;

  constructor(url, sightings) {
    this.#sightings = sightings;
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data) => this.#arrive(JSON.parse(data)));
    this.closed = new Promise((resolve) => this.#socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
  }

  /** Connects to a server; without a token nothing is said before the first frame. */
  static async open(server, { sightings, ...query }) {
    const url = new URL('/connect', server.url);
    url.protocol = 'ws:';
    url.search = new URLSearchParams(query);
    const client = new Client(url, sightings);
    await new Promise((resolve, reject) => {
      client.#socket.once('open', resolve);
      client.#socket.once('error', reject);
    });
    return client;
  }

  say(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  /** The first frame that fits and was not taken yet, now or when it comes. */
  take(fits, what = 'frame') {
    const index = this.#frames.findIndex(fits);
    if (index >= 0) return Promise.resolve(this.#frames.splice(index, 1)[0]);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${what} came; there are only ${JSON.stringify(this.#frames).slice(0, 4000)}`)),
        waitMs
      );
      this.#waiting.push({
        fits,
        resolve: (frame) => {
          clearTimeout(timer);
          resolve(frame);
        },
      });
    });
  }

  takeType(type, fits = () => true) {
    return this.take((frame) => frame.type === type && fits(frame), type);
  }

  /** Whether such a frame came and was not taken. */
  has(fits) {
    return this.#frames.some(fits);
  }

  /** Asks, and answers the reply. */
  ask(frame) {
    const ref = `r${++this.#lastRef}`;
    this.say({ ...frame, ref });
    return this.take((reply) => reply.ref === ref, `answer to ${JSON.stringify(frame).slice(0, 400)}`);
  }

  /** Asks for something that must be granted. */
  async must(frame) {
    const reply = await this.ask(frame);
    if (reply.type === 'error') throw new Error(`${JSON.stringify(frame)} was refused: ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Stops reading from the socket, so that the server finds it full. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /** Drops the connection without a word. */
  async drop() {
    this.#socket.terminate();
    await this.closed;
  }

  async close() {
    this.#socket.close();
    await this.closed;
  }

  #arrive(frame) {
    this.#sightings.note(frame);
    if (frame.s) this.lastS = frame.s;
    const index = this.#waiting.findIndex(({ fits }) => fits(frame));
    if (index >= 0) this.#waiting.splice(index, 1)[0].resolve(frame);
    else this.#frames.push(frame);
  }
}
