import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../dist/index.js';
import { ManualClock, settled } from './manual-clock.js';
import { message, ScriptedServer } from './scripted-server.js';

const welcome = {
  type: 'welcome', user: 'ann', device: 'd', session: 's-1', resumeKey: 'k', resumed: false, node: 'n', serverTime: 0,
  heartbeatMs: 25_000, resumeWindowMs: 120_000, limits: { frame: 65_536, text: 16_384, inFlight: 32 }, version: '1.0',
};

/** The server side of long polling: requests wait in `polls` until the test answers them. */
class Polls {
  polls = [];

  fetch = async (url, { headers, body, signal }) => {
    const poll = { url, token: headers.authorization, ...JSON.parse(body) };
    // A newer poll ends an older one.
    void this.last?.answer({});
    this.polls.push(poll);
    return new Promise((resolve, reject) => {
      poll.answer = async (fields, status = 200) => {
        resolve({ ok: status === 200, status, json: async () => ({ session: 's-1', resumeKey: 'k', frames: [], ...fields }) });
        await settled();
      };
      poll.fail = async () => {
        reject(new TypeError('fetch failed'));
        await settled();
      };
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };

  get last() {
    return this.polls.at(-1);
  }
}

async function start(options = {}) {
  const server = new Polls();
  const clock = new ManualClock();
  const client = new Client({
    url: 'http://chat.test', token: 'token', device: 'd', transport: 'poll', fetch: server.fetch, clock, random: () => 0.5, ...options,
  });
  const texts = [];
  client.on('message', ({ text }) => texts.push(text));
  void client.connect();
  await settled();
  return { server, clock, client, texts };
}

async function online(options) {
  const all = await start(options);
  await all.server.last.answer({ frames: [welcome, { type: 'synced', conversations: 0, unread: {} }] });
  return all;
}

test('poll: the first poll carries the token and the device, and its answer the welcome', async () => {
  const { server, client } = await start();
  assert.equal(server.last.url, 'http://chat.test/v1/poll');
  assert.equal(server.last.token, 'Bearer token');
  assert.deepEqual([server.last.device, server.last.session, server.last.frames], ['d', undefined, []]);
  await server.last.answer({ frames: [welcome] });
  assert.equal(client.state.state, 'online');
  assert.equal(client.transport, 'poll');
  assert.deepEqual([server.polls.length, server.last.session, server.last.resumeKey, server.last.s], [2, 's-1', 'k', 0]);
});

test('poll: pushes come by answers, and the next poll says how far', async () => {
  const { server, texts } = await online();
  await server.last.answer({ frames: [message(1, { s: 1 }), message(2, { s: 2 })] });
  assert.equal(server.last.s, 2);
  await server.last.answer({ frames: [message(2, { s: 2 }), message(3, { s: 3 })] });
  assert.deepEqual(texts, ['m1', 'm2', 'm3']);
});

test('poll: what is said goes out at once with a poll that ends the one that waits', async () => {
  const { server, client, clock } = await online();
  const [waiting] = server.polls.slice(-1);
  const sent = client.send({ to: 'bob', text: 'hi' });
  await clock.advance(10);
  const { frames } = server.last;
  assert.deepEqual(frames.map(({ type, text }) => [type, text]), [['send', 'hi']]);
  const polls = server.polls.length;
  await waiting.answer({});
  assert.equal(server.polls.length, polls);
  const [{ ref, clientId }] = frames;
  await server.last.answer({ frames: [{ type: 'ack', ref, clientId, conversation: 'c', seq: 1, id: 'c:1', ts: 0, duplicate: false }] });
  assert.equal((await sent).seq, 1);
});

test('poll: a poll that fails is a lost connection, which resumes the session and repeats what was said', async () => {
  const { server, client, clock } = await online();
  await server.last.answer({ frames: [message(1, { s: 7 })] });
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await clock.advance(10);
  const [first] = server.last.frames;
  await server.last.fail();
  assert.equal(client.state.state, 'waiting');
  await clock.advance(250);
  assert.deepEqual([server.last.session, server.last.resumeKey, server.last.s], ['s-1', 'k', 7]);
  await server.last.answer({ frames: [{ ...welcome, resumed: true }] });
  await clock.advance(10);
  const again = server.polls.flatMap(({ frames }) => frames).filter(({ type }) => type === 'send').at(-1);
  assert.deepEqual(again, first);
  await server.last.answer({ frames: [{ type: 'ack', ref: again.ref, conversation: 'c', seq: 2, id: 'c:2', ts: 0, duplicate: true }] });
  assert.equal((await sent).seq, 2);
});

test('poll: a session that was polled before goes on without another welcome, and is asked about without waiting', async () => {
  const { server, client, clock, texts } = await online();
  assert.deepEqual(server.polls.map(({ waitMs }) => waitMs), [0, 25_000]);
  await server.last.answer({ frames: [message(1, { s: 1 })] });
  await server.last.fail();
  await clock.advance(250);
  assert.deepEqual([server.last.s, server.last.waitMs], [1, 0]);
  await server.last.answer({ frames: [message(2, { s: 2 })] });
  assert.equal(client.state.state, 'online');
  assert.deepEqual(texts, ['m1', 'm2']);
});

test('poll: close codes are obeyed', async () => {
  const { server, client } = await online();
  await server.last.answer({ close: { code: 4502, reason: 'revoked' } });
  assert.equal(client.state.state, 'stopped');
  assert.equal(client.state.error.closeCode, 4502);
});

test('poll: a refused token is replaced', async () => {
  const source = { token: async (refused) => (refused === 'old' ? 'new' : 'old') };
  const { server, client, clock } = await start({ token: source });
  await server.last.answer({}, 401);
  await clock.advance(0);
  assert.equal(server.last.token, 'Bearer new');
  await server.last.answer({ frames: [welcome] });
  assert.equal(client.state.state, 'online');
});

test('poll: an answer that never comes ends the connection', async () => {
  const { client, clock } = await online();
  await clock.advance(39_999);
  assert.equal(client.state.state, 'online');
  await clock.advance(1);
  assert.notEqual(client.state.state, 'online');
});

test('poll: two WebSockets that do not open are followed by polling, and one that opens later ends it', async () => {
  const sockets = new ScriptedServer();
  const { server, client, clock } = await start({ transport: 'auto', WebSocket: sockets.WebSocket, autoReceived: false });
  await sockets.cut();
  await clock.advance(250);
  await sockets.cut();
  assert.equal(server.polls.length, 0);
  await clock.advance(500);
  assert.equal(sockets.sockets.length, 2);
  await server.last.answer({ frames: [welcome, message(1, { s: 4 })] });
  assert.equal(client.transport, 'poll');
  await clock.advance(30_000);
  assert.equal(sockets.sockets.length, 3);
  await sockets.cut();
  assert.equal(client.state.state, 'online');
  await server.last.answer({});
  await clock.advance(30_000);
  await server.last.answer({});
  await clock.advance(30_000);
  assert.equal(sockets.sockets.length, 4);
  sockets.socket.onopen();
  await settled();
  await settled();
  assert.deepEqual(['resume', 'key', 's'].map((name) => sockets.socket.url.searchParams.get(name)), ['s-1', 'k', '4']);
  await sockets.welcome({ session: 's-1', resumed: true });
  assert.equal(client.transport, 'websocket');
  client.close();
});

test('poll: a server that is merely down is asked both ways in turn', async () => {
  const sockets = new ScriptedServer();
  const { server, client, clock } = await start({ transport: 'auto', WebSocket: sockets.WebSocket, autoReceived: false });
  for (let attempt = 0; attempt < 2; attempt++) {
    await sockets.cut();
    await clock.advance(2000);
  }
  await server.last.fail();
  await clock.advance(2000);
  assert.deepEqual([sockets.sockets.length, server.polls.length], [3, 1]);
  await sockets.welcome();
  assert.equal(client.transport, 'websocket');
  client.close();
});
