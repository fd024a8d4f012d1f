import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, ParleyError } from '../dist/index.js';
import { ManualClock, settled } from './manual-clock.js';
import { message, ScriptedServer } from './scripted-server.js';

/** A client on a scripted server and a clock that stands still; it notes every event it emits. */
async function start({ welcome = {}, connect = true, ...options } = {}) {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  const client = new Client({
    url: 'http://chat.test', token: 'token', device: 'd', WebSocket: server.WebSocket, clock, random: () => 0.5, ...options,
  });
  const seen = {};
  for (const name of ['state', 'entry', 'message', 'member', 'receipt', 'gap', 'lag', 'bye', 'error', 'synced', 'typing']) {
    seen[name] = [];
    client.on(name, (event) => seen[name].push(event));
  }
  if (connect) {
    void client.connect();
    await server.welcome(welcome);
    server.say({ type: 'synced', conversations: 0, unread: {} });
    await settled();
  }
  return { server, clock, client, seen };
}

const seqs = (entries) => entries.map((entry) => entry.seq);

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

test('client: a send is given a client id and ends with its ack', async () => {
  const { server, client } = await start();
  const sent = client.send({ to: 'bob', text: 'hi' });
  await server.ack(1);
  assert.equal((await sent).seq, 1);
  assert.match(server.said('send')[0].clientId, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});

test('client: a send made offline goes out after the connection', async () => {
  const { server, client } = await start({ connect: false });
  const sent = client.send({ conversation: 'c', text: 'early' });
  void client.connect();
  await server.welcome();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
});

test('client: an unacknowledged send is repeated with the same client id after a reconnect', async () => {
  const { server, client, clock } = await start();
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await settled();
  const [first] = server.said('send');
  await server.cut(1006);
  await clock.advance(250);
  await server.welcome();
  const [again] = server.said('send');
  assert.deepEqual(again, first);
  await server.ack(1);
  assert.equal((await sent).seq, 1);
  assert.equal(client.pending, 0);
});

test('client: `later` repeats after the time named, keeping the order of the conversation', async () => {
  const { server, client, clock } = await start({ random: () => 0 });
  void client.send({ conversation: 'c', text: '1' });
  void client.send({ conversation: 'c', text: '2' });
  await server.answer('send', { type: 'error', code: 'rate_limited', retry: 'later', retryAfterMs: 400 });
  await clock.advance(399);
  assert.equal(server.said('send').length, 1);
  await clock.advance(1);
  await server.ack(1);
  assert.deepEqual(server.said('send').map((frame) => frame.text), ['1', '1', '2']);
});

test('client: a final error is typed', async () => {
  const { server, client } = await start();
  const refused = assert.rejects(client.send({ to: 'nobody', text: 'hi' }), (failure) => {
    assert.ok(failure instanceof ParleyError);
    assert.deepEqual([failure.code, failure.retry, failure.field], ['not_found', 'no', 'to']);
    return true;
  });
  await server.answer('send', { type: 'error', code: 'not_found', retry: 'no', message: 'no such user', field: 'to' });
  await refused;
});

test('client: a frame above the limit is refused before it is sent', async () => {
  const { server, client } = await start();
  await assert.rejects(client.send({ to: 'bob', text: 'x'.repeat(70_000) }), { code: 'too_large' });
  assert.equal(server.said('send').length, 0);
});

test('client: a send that is given up is neither repeated nor answered', async () => {
  const { server, client, clock } = await start();
  const giveUp = new AbortController();
  const sent = client.send({ conversation: 'c', text: 'hi' }, { signal: giveUp.signal });
  giveUp.abort();
  await assert.rejects(sent, { name: 'AbortError' });
  await server.cut();
  await clock.advance(1000);
  await server.welcome();
  assert.equal(server.said('send').length, 0);
});

test('client: entries arrive once and in order, with a hole filled from the history', async () => {
  const { server, seen } = await start();
  server.say(message(1, { s: 1 }), message(4, { s: 2 }), message(1, { s: 3 }));
  const asked = await server.answer('history', {
    type: 'history', conversation: 'c', items: [message(2), message(3), message(4)], head: 4, more: false,
  });
  assert.equal(asked.after, 1);
  server.say(message(5, { s: 4 }));
  assert.deepEqual(seqs(seen.message), [1, 2, 3, 4, 5]);
  assert.deepEqual(seqs(seen.entry), [1, 2, 3, 4, 5]);
});

test('client: a hole that the history does not have becomes a gap', async () => {
  const { server, seen } = await start();
  server.say(message(1), message(9));
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(7), message(8)], head: 9, more: false });
  assert.deepEqual(seen.gap, [{ type: 'gap', conversation: 'c', from: 2, to: 6 }]);
  assert.deepEqual(seqs(seen.message), [1, 7, 8, 9]);
});

test('client: a hole that may not be read becomes a gap', async () => {
  const { server, seen } = await start();
  server.say(message(1), message(3));
  await server.answer('history', { type: 'error', code: 'not_found', retry: 'no' });
  assert.deepEqual(seen.gap, [{ type: 'gap', conversation: 'c', from: 2, to: 2 }]);
  assert.deepEqual(seqs(seen.message), [1, 3]);
});

test('client: a filling that the connection interrupts goes on after the reconnect', async () => {
  const { server, seen, clock } = await start();
  server.say(message(1, { s: 1 }), message(3, { s: 2 }));
  await server.cut();
  await clock.advance(1000);
  await server.welcome();
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(2), message(3)], head: 3, more: false });
  assert.deepEqual(seqs(seen.message), [1, 2, 3]);
});

test('client: a gap of the server is told and the replay goes on behind it', async () => {
  const { server, seen } = await start();
  server.say({ type: 'gap', conversation: 'c', from: 12, to: 840 }, message(841, { s: 1 }));
  assert.deepEqual(seen.gap, [{ type: 'gap', conversation: 'c', from: 12, to: 840 }]);
  assert.deepEqual(seqs(seen.message), [841]);
});

test('client: a lagging conversation is read from the history up to its head', async () => {
  const { server, seen } = await start();
  server.say(message(1), { type: 'lag', conversations: ['c'] });
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(2)], head: 3, more: true });
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(3)], head: 3, more: false });
  server.say(message(4));
  assert.deepEqual(seqs(seen.message), [1, 2, 3, 4]);
  assert.equal(seen.lag.length, 1);
});

test('client: a lag too long to read leaves a gap and goes on with the newest page', async () => {
  const { server, seen } = await start();
  server.say(message(1), { type: 'lag', conversations: ['c'] });
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(2)], head: 5000, more: true });
  const asked = await server.answer('history', { type: 'history', conversation: 'c', items: [message(4801)], head: 4801, more: false });
  assert.equal(asked.after, 4800);
  assert.deepEqual(seen.gap, [{ type: 'gap', conversation: 'c', from: 2, to: 4800 }]);
  assert.deepEqual(seqs(seen.message), [1, 4801]);
});

test('client: `received` follows the delivery, for several entries at once', async () => {
  const { server, clock } = await start();
  server.say(message(1), message(2), message(7, { conversation: 'd' }));
  assert.equal(server.said('received').length, 0);
  await clock.advance(30);
  assert.deepEqual(server.said('received')[0].positions, [{ conversation: 'c', seq: 2 }, { conversation: 'd', seq: 7 }]);
});

test('client: `received` is left to the application when it wants that', async () => {
  const { server, clock, client } = await start({ autoReceived: false });
  server.say(message(1));
  await clock.advance(1000);
  assert.equal(server.said('received').length, 0);
  client.received('c', 1);
  await clock.advance(30);
  assert.equal(server.said('received').length, 1);
});

test('client: positions are repeated after each welcome', async () => {
  const { server, clock, client } = await start();
  server.say(message(1, { s: 1 }), message(2, { s: 2 }));
  client.read('c', 1);
  await clock.advance(30);
  await server.answer('received', { type: 'ack' });
  await server.answer('read', { type: 'ack' });
  await server.cut();
  await clock.advance(1000);
  await server.welcome();
  assert.deepEqual(server.said('read')[0].positions, [{ conversation: 'c', seq: 1 }]);
  assert.deepEqual(server.said('received')[0].positions, [{ conversation: 'c', seq: 2 }]);
});

test('client: one refused position does not hold the others back', async () => {
  const { server, clock, client, seen } = await start();
  client.received('gone', 3);
  client.received('c', 4);
  await clock.advance(30);
  await server.answer('received', { type: 'error', code: 'not_found', retry: 'no' });
  await server.answer('received', { type: 'error', code: 'not_found', retry: 'no' });
  await server.answer('received', { type: 'ack' });
  assert.deepEqual(server.said('received').map((frame) => frame.positions.length), [2, 1, 1]);
  assert.equal(seen.error.length, 1);
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

test('client: what was queued when the server stopped it goes out when the application connects again', async () => {
  const { server, client } = await start();
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await server.cut(4504);
  void client.connect();
  await server.welcome();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
});

test('client: attempts that fail are further and further apart', async () => {
  const { server, clock } = await start({ connect: false });
  const { client } = await start();
  client.close();
  const lone = new Client({ url: 'http://chat.test', token: 't', WebSocket: server.WebSocket, clock, random: () => 0.5 });
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

test('client: after a session that was not resumed it reads what another client of this device acknowledged', async () => {
  const { server, clock, seen } = await start();
  server.say(message(1, { s: 1, ts: 1_790_000_000_000 }));
  await server.cut();
  await clock.advance(250);
  await server.welcome();
  server.say({ type: 'synced', conversations: 0, unread: {} });
  await server.answer('conversations', { type: 'conversations', items: [{ conversation: 'c', head: 2, last: message(2) }, { conversation: 'x', head: 9 }] });
  await server.answer('history', { type: 'history', conversation: 'c', items: [message(2)], head: 2, more: false });
  assert.deepEqual(seqs(seen.message), [1, 2]);
  assert.equal(server.said('history').length, 1);
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

test('client: a request that is never answered gets a new connection', async () => {
  const { server, clock, client } = await start();
  const sent = client.send({ conversation: 'c', text: 'hi' });
  for (let second = 0; second < 46; second++) {
    await clock.advance(1000);
    server.say({ type: 'pong', serverTime: 0 });
  }
  assert.equal(server.sockets.length, 2);
  await server.welcome();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
});

test('client: a question is given up after a while, a message is not', async () => {
  const { server, clock, client } = await start({ connect: false });
  const question = client.history('c');
  const sent = client.send({ conversation: 'c', text: 'hi' });
  question.catch(() => {});
  await clock.advance(3_600_000);
  await assert.rejects(question, { code: 'timeout', retry: 'same' });
  void client.connect();
  await server.welcome();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
});

test('client: at most `inFlight` requests are unanswered', async () => {
  const { server, client } = await start({ welcome: { limits: { frame: 65_536, text: 16_384, inFlight: 2 } } });
  for (let at = 0; at < 5; at++) client.conversation(`c${at}`).catch(() => {});
  await settled();
  assert.equal(server.said('conversation').length, 2);
  await server.answer('conversation', { type: 'conversation', conversation: 'c0' });
  assert.equal(server.said('conversation').length, 3);
  client.close();
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

test('client: a request refused with `reauth` is repeated with the new token', async () => {
  const source = { token: async (refused) => (refused === 'old' ? 'new' : 'old') };
  const { server, client } = await start({ token: source });
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await server.answer('send', { type: 'error', code: 'token_expired', retry: 'reauth' });
  const renewal = server.said('auth')[1];
  server.say({ type: 'ack', ref: renewal.ref });
  await settled();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
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

test('client: closing rejects what is left, and nothing comes after it', async () => {
  const { server, client, clock } = await start();
  const sent = client.send({ conversation: 'c', text: 'hi' });
  client.close();
  await assert.rejects(sent, { code: 'disconnected' });
  assert.equal(server.socket.closedWith, 1000);
  await clock.advance(1e7);
  assert.equal(server.sockets.length, 1);
  assert.equal(client.state.state, 'idle');
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

test('client: a call is not repeated over a reconnect', async () => {
  const { server, client } = await start();
  const lost = assert.rejects(client.call('poll/lunch', 'vote', { option: 2 }), { code: 'disconnected' });
  await settled();
  await server.cut();
  await lost;
});

test('client: `create` gives the conversation, and members and lists their items', async () => {
  const { server, client } = await start();
  const made = client.create({ title: 'Lunch', members: ['bob'] });
  const request = await server.answer('create', { type: 'conversation', conversation: 'g', kind: 'group', title: 'Lunch' });
  assert.ok(request.clientId);
  assert.equal((await made).conversation, 'g');
  const listed = client.members('g', { limit: 10 });
  await server.answer('members', { type: 'members', items: [{ user: 'bob', role: 'member', delivered: 0, read: 0 }] });
  assert.equal((await listed).items[0].user, 'bob');
});

test('client: frames of unknown types and broken ones do no harm', async () => {
  const { server, seen } = await start();
  server.say({ type: 'novelty', answer: 42 }, {}, null, 7);
  server.socket.onmessage({ data: '{' });
  server.say(message(1));
  assert.deepEqual(seqs(seen.message), [1]);
  assert.deepEqual(seen.error.map(({ code }) => code), ['bad_frame']);
});

test('client: an entry of a type it does not know keeps the order of the log', async () => {
  const { server, seen } = await start();
  server.say(message(1), { ...message(2), type: 'pinned' }, message(3));
  assert.deepEqual(seqs(seen.entry), [1, 2, 3]);
  assert.deepEqual(seqs(seen.message), [1, 3]);
});
