import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParleyError } from '../dist/index.js';
import { settled } from './manual-clock.js';
import { start } from './scripted-client.js';

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

test('client: what was queued when the server stopped it goes out when the application connects again', async () => {
  const { server, client } = await start();
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await server.cut(4504);
  void client.connect();
  await server.welcome();
  await server.ack(1);
  assert.equal((await sent).seq, 1);
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
