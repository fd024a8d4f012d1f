import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, ParleyError } from '../dist/index.js';
import { settled } from './manual-clock.js';
import { seqs, start } from './scripted-client.js';
import { message } from './scripted-server.js';

test('client: the token travels in the first frame, not in the address', async () => {
  const { server } = await start();
  const { url, protocol, said } = server.socket;
  assert.equal(url.href, 'ws://chat.test/connect?device=d');
  assert.equal(protocol, 'parley.v1');
  assert.deepEqual(said[0], { type: 'auth', token: 'token' });
});

test('client: connect ends with the welcome', async () => {
  const { server, client } = await start({ connect: false });
  const connected = client.connect();
  await server.welcome();
  assert.equal((await connected).user, 'ann');
  assert.equal(client.user, 'ann');
  assert.equal((await client.connect()).user, 'ann');
});

test('client: reconnects with back-off after 4000 to 4499 and stops at 4500 and above', async () => {
  const { server, clock, seen, client } = await start();
  await server.cut(4002);
  assert.equal(client.state.state, 'waiting');
  await clock.advance(249);
  assert.equal(server.sockets.length, 1);
  await clock.advance(1);
  assert.equal(server.sockets.length, 2);
  await server.welcome();
  await server.cut(4504);
  assert.equal(client.state.state, 'stopped');
  assert.equal(client.state.error.closeCode, 4504);
  await clock.advance(1e7);
  assert.equal(server.sockets.length, 2);
  assert.deepEqual(seen.state.map(({ state }) => state), ['connecting', 'online', 'waiting', 'connecting', 'online', 'stopped']);
});

test('client: attempts that fail are further and further apart', async () => {
  const { server, clock } = await start({ connect: false });
  const { client } = await start();
  client.close();
  const lone = new Client({ url: 'http://chat.test', token: 't', transport: 'websocket', WebSocket: server.WebSocket, clock, random: () => 0.5 });
  const waits = [];
  lone.on('state', (state) => state.state === 'waiting' && waits.push(state.retryAt - clock.now()));
  void lone.connect();
  for (let attempt = 0; attempt < 4; attempt++) {
    await settled();
    await server.cut(1006);
    await clock.advance(waits.at(-1));
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000]);
  lone.close();
});

test('client: an attempt without a welcome is given up', async () => {
  const { server, clock, client } = await start({ connect: false });
  void client.connect();
  await clock.advance(15_000);
  assert.equal(client.state.state, 'waiting');
  await clock.advance(250);
  assert.equal(server.sockets.length, 2);
});

test('client: after `bye` it comes back when the server said, not before', async () => {
  const { server, clock, client } = await start();
  server.say({ type: 'bye', reason: 'drain', afterMs: 4180 });
  await clock.advance(100);
  await server.cut(4001);
  client.wake();
  await clock.advance(4079);
  assert.equal(server.sockets.length, 1);
  await clock.advance(1);
  assert.equal(server.sockets.length, 2);
});

test('client: after `bye` it leaves by itself when the server does not close', async () => {
  const { server, clock } = await start();
  server.say({ type: 'bye', reason: 'drain', afterMs: 4180 });
  await clock.advance(4180);
  assert.equal(server.sockets[0].closedWith, 1000);
  await clock.advance(500);
  assert.equal(server.sockets.length, 2);
});

test('client: resumes the session with the last `s`, and drops pushes that come twice', async () => {
  const { server, clock, seen } = await start();
  server.say(message(1, { s: 1 }), message(2, { s: 2 }));
  await server.cut();
  await clock.advance(250);
  const query = server.socket.url.searchParams;
  assert.deepEqual([query.get('resume'), query.get('key'), query.get('s')], ['s-1', 'k', '2']);
  await server.welcome({ resumed: true, session: 's-1' });
  const receipt = { type: 'receipt', conversation: 'c', seq: 1, messageId: 'c:1', user: 'bob', status: 'read', ts: 0 };
  server.say({ ...receipt, s: 3 }, { ...receipt, s: 3 }, message(3, { s: 4 }));
  assert.equal(seen.receipt.length, 1);
  assert.deepEqual(seqs(seen.message), [1, 2, 3]);
});

test('client: a session that is not resumed starts its `s` over', async () => {
  const { server, clock, seen } = await start();
  server.say(message(1, { s: 1 }), message(2, { s: 2 }));
  await server.cut();
  await clock.advance(250);
  await server.welcome();
  server.say(message(3, { s: 1 }));
  assert.deepEqual(seqs(seen.message), [1, 2, 3]);
});

test('client: past the resume window it does not ask to resume', async () => {
  const { server, clock, client } = await start({ backoff: { firstMs: 300_000, maxMs: 300_000 } });
  await server.cut();
  await clock.advance(150_000);
  assert.equal(server.sockets.length, 2);
  assert.equal(server.socket.url.searchParams.get('resume'), null);
  client.close();
});

test('client: pings when idle, and replaces a connection that does not answer', async () => {
  const { server, clock, client } = await start();
  await clock.advance(25_000);
  assert.equal(server.said('ping').length, 1);
  server.say({ type: 'pong', serverTime: 0 });
  await clock.advance(24_999);
  assert.equal(server.said('ping').length, 1);
  await clock.advance(1);
  assert.equal(server.said('ping').length, 2);
  await clock.advance(10_000);
  assert.equal(client.state.state, 'waiting');
});

test('client: an expired token is renewed on the open connection', async () => {
  const tokens = ['old', 'new'];
  const source = { token: async (refused) => (refused === 'old' ? tokens[1] : tokens[0]) };
  const { server, client } = await start({ token: source });
  server.say({ type: 'error', code: 'token_expired', retry: 'reauth' });
  await settled();
  const renewal = server.said('auth')[1];
  assert.equal(renewal.token, 'new');
  server.say({ type: 'ack', ref: renewal.ref });
  await settled();
  assert.equal(client.state.state, 'online');
});

test('client: a refused token is replaced once, and then it stops', async () => {
  const asked = [];
  const source = { token: async (refused) => (asked.push(refused), `token-${asked.length}`) };
  const { server, client, clock } = await start({ token: source, connect: false });
  const connected = client.connect();
  await settled();
  await server.cut(4501);
  await clock.advance(0);
  assert.equal(server.sockets.length, 2);
  await server.cut(4501);
  await assert.rejects(connected, { code: 'unauthenticated', closeCode: 4501 });
  assert.deepEqual(asked, [undefined, 'token-1']);
});

test('client: a fixed token that is refused stops at once', async () => {
  const { server, client, clock } = await start({ connect: false });
  const connected = client.connect();
  await settled();
  await server.cut(4501);
  await clock.advance(0);
  await assert.rejects(connected, { code: 'unauthenticated' });
  assert.equal(server.sockets.length, 1);
});

test('client: a token source that cannot reach its server is asked again later', async () => {
  let up = false;
  const source = {
    token: async () => {
      if (!up) throw new ParleyError({ code: 'unreachable', retry: 'same' });
      return 'token';
    },
  };
  const { server, client, clock } = await start({ token: source, connect: false });
  void client.connect();
  await settled();
  assert.equal(client.state.state, 'waiting');
  up = true;
  await clock.advance(250);
  await server.welcome();
  assert.equal(client.state.state, 'online');
});

test('client: `wake` ends the waiting', async () => {
  const { server, client } = await start();
  await server.cut();
  client.wake();
  await settled();
  assert.equal(server.sockets.length, 2);
});

test('client: subscriptions are made again in a new session only', async () => {
  const { server, client, clock } = await start();
  client.presence({ subscribe: ['bob', 'cy'], status: 'away' });
  client.presence({ unsubscribe: ['cy'] });
  client.focus(['c']);
  await server.cut();
  await clock.advance(250);
  await server.welcome({ resumed: true });
  assert.equal(server.said('presence').length, 0);
  await server.cut();
  await clock.advance(500);
  await server.welcome();
  assert.deepEqual(server.said('presence'), [{ type: 'presence', subscribe: ['bob'], status: 'away' }]);
  assert.deepEqual(server.said('focus'), [{ type: 'focus', conversations: ['c'] }]);
});
