import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, MemoryOutbox } from '../dist/index.js';
import { ManualClock, settled } from './manual-clock.js';
import { ScriptedServer } from './scripted-server.js';

/** A client, as a program makes one when it starts; `outbox` is what outlives it. */
async function start(outbox, { connect = true } = {}) {
  const server = new ScriptedServer();
  const client = new Client({ url: 'http://chat.test', token: 't', WebSocket: server.WebSocket, clock: new ManualClock(), outbox });
  const seen = { restored: [], refused: [] };
  for (const name of Object.keys(seen)) client.on(name, (event) => seen[name].push(event));
  if (connect) {
    void client.connect();
    await server.welcome();
  }
  return { server, client, seen };
}

const kept = async (outbox) => (await outbox.all()).map(({ frame }) => frame.text ?? frame.type);

test('outbox: what was unsent when the program ended is sent by the next one, with the same client id, and first', async () => {
  const outbox = new MemoryOutbox();
  const before = await start(outbox, { connect: false });
  const left = before.client.send({ conversation: 'c', text: 'one' }).catch(({ code }) => code);
  await settled();
  const [{ clientId }] = await outbox.all();
  before.client.close();
  assert.equal(await left, 'disconnected');

  const { server, client, seen } = await start(outbox, { connect: false });
  const two = client.send({ conversation: 'c', text: 'two' });
  void client.connect();
  await server.welcome();
  assert.deepEqual(seen.restored.map(({ frame }) => frame.text), ['one']);
  assert.deepEqual(server.said('send').map((frame) => [frame.text, frame.clientId]), [['one', clientId]]);
  await server.ack(1);
  await server.ack(2);
  assert.equal((await two).seq, 2);
  assert.deepEqual(await kept(outbox), []);
});

test('outbox: a send made just before the client is closed is kept', async () => {
  const outbox = new MemoryOutbox();
  const { client } = await start(outbox);
  const left = client.send({ conversation: 'c', text: 'last words' });
  client.close();
  await assert.rejects(left, { code: 'disconnected' });
  assert.deepEqual(await kept(outbox), ['last words']);
});

test('outbox: edits, reactions and changes of groups are kept as well', async () => {
  const outbox = new MemoryOutbox();
  const { client } = await start(outbox, { connect: false });
  for (const left of [client.edit('c', 1, { text: 'better' }), client.react('c', 1, '👍'), client.delete('c', 2), client.leave('c')]) left.catch(() => {});
  await settled();
  assert.deepEqual(await kept(outbox), ['better', 'react', 'delete', 'leave']);
});

test('outbox: an answered, a refused and a given up request are forgotten', async () => {
  const outbox = new MemoryOutbox();
  const { server, client } = await start(outbox);
  const first = client.send({ conversation: 'c', text: 'one' });
  await server.ack(1);
  await first;
  const second = client.send({ conversation: 'c', text: 'two' });
  second.catch(() => {});
  await server.answer('send', { type: 'error', code: 'forbidden', retry: 'no' });
  const giveUp = new AbortController();
  const third = client.send({ conversation: 'c', text: 'three' }, { signal: giveUp.signal });
  await settled();
  giveUp.abort();
  await assert.rejects(third, { name: 'AbortError' });
  assert.deepEqual(await kept(outbox), []);
});

test('outbox: a restored request that is made again is joined, and may be given up', async () => {
  const outbox = new MemoryOutbox();
  const frame = { type: 'send', conversation: 'c', text: 'one', clientId: 'id-1' };
  await outbox.put({ clientId: 'id-1', frame, lane: 'c', at: 1 });
  const { server, client } = await start(outbox);
  const again = client.send({ conversation: 'c', text: 'one' }, { clientId: 'id-1' });
  await server.ack(1);
  assert.equal((await again).seq, 1);
  assert.equal(server.said('send').length, 1);
});

test('outbox: the refusal of a restored request is told', async () => {
  const outbox = new MemoryOutbox();
  await outbox.put({ clientId: 'id-1', frame: { type: 'send', to: 'bob', text: 'one', clientId: 'id-1' }, lane: 'to bob', at: 1 });
  const { server, seen } = await start(outbox);
  await server.answer('send', { type: 'error', code: 'not_found', retry: 'no' });
  assert.deepEqual(seen.refused.map(({ unsent, error }) => [unsent.clientId, error.code]), [['id-1', 'not_found']]);
  assert.deepEqual(await kept(outbox), []);
});

test('outbox: storage that fails is done without', async () => {
  const broken = { all: async () => { throw new Error('private window'); } };
  const { server, client } = await start(broken);
  const sent = client.send({ conversation: 'c', text: 'hi' });
  await server.ack(1);
  assert.equal((await sent).seq, 1);
});

test('outbox: signing out gives everything up', async () => {
  const outbox = new MemoryOutbox();
  const { client } = await start(outbox, { connect: false });
  const left = client.send({ conversation: 'c', text: 'one' }).catch(({ name }) => name);
  await settled();
  await client.discardUnsent();
  assert.equal(await left, 'AbortError');
  assert.deepEqual([await kept(outbox), client.pending], [[], 0]);
});
