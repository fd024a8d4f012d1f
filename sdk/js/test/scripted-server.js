import assert from 'node:assert/strict';
import { settled } from './manual-clock.js';

/**
 * The server side of a transcript: the test says what the server says, and looks at what the client said.
 * `WebSocket` goes into the client's options; no network is involved.
 */
export class ScriptedServer {
  sockets = [];
  WebSocket;

  constructor() {
    const server = this;
    this.WebSocket = class {
      readyState = 0;
      said = [];
      onopen = null;
      onmessage = null;
      onclose = null;
      onerror = null;

      constructor(url, protocol) {
        this.url = new URL(url);
        this.protocol = protocol;
        server.sockets.push(this);
      }

      send(text) {
        this.said.push(JSON.parse(text));
      }

      close(code) {
        this.readyState = 3;
        this.closedWith = code;
      }
    };
  }

  get socket() {
    return this.sockets.at(-1);
  }

  /** Accepts the newest connection and welcomes it. */
  async welcome(fields = {}) {
    await settled();
    const { socket } = this;
    socket.readyState = 1;
    socket.onopen?.();
    this.say({
      type: 'welcome', user: 'ann', device: 'd', session: `s-${this.sockets.length}`, resumeKey: 'k', resumed: false,
      node: 'n', serverTime: 0, heartbeatMs: 25_000, resumeWindowMs: 120_000,
      limits: { frame: 65_536, text: 16_384, inFlight: 32 }, version: '1.0', ...fields,
    });
    await settled();
  }

  say(...frames) {
    for (const frame of frames) this.socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The connection ends with this code. */
  async cut(code = 1006) {
    const { socket } = this;
    socket.readyState = 3;
    socket.onclose?.({ code, reason: '' });
    await settled();
  }

  /** What the client has said on the newest connection, of one type. */
  said(type) {
    return this.socket.said.filter((frame) => frame.type === type);
  }

  /** Answers the oldest request of this type that was not answered yet. */
  async answer(type, fields) {
    await settled();
    const request = this.said(type).find((frame) => frame.ref && !frame.answered);
    assert.ok(request, `the client asked nothing of type ${type}`);
    request.answered = true;
    this.say({ ref: request.ref, ...(typeof fields === 'function' ? fields(request) : fields) });
    await settled();
    return request;
  }

  ack(seq, conversation = 'c') {
    return this.answer('send', ({ clientId }) => ({
      type: 'ack', clientId, conversation, seq, id: `${conversation}:${seq}`, ts: 0, duplicate: false,
    }));
  }
}

export function message(seq, fields = {}) {
  const conversation = fields.conversation ?? 'c';
  return { type: 'message', conversation, seq, id: `${conversation}:${seq}`, from: 'bob', text: `m${seq}`, ts: seq, ...fields };
}
