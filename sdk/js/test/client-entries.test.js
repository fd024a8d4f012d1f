import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seqs, start } from './scripted-client.js';
import { message } from './scripted-server.js';

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
