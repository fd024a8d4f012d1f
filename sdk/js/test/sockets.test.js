import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { Client, Credentials, login, register } from '../dist/index.js';
import { FakeServer } from './fake-server.js';

let server;
const clients = [];
before(async () => (server = await new FakeServer().listen()));
after(async () => {
  clients.forEach((client) => client.close());
  await server.close();
});

async function online(user, options = {}) {
  const { url } = server;
  const session = await register({ url, user, password: 'correct horse' });
  const client = new Client({ url, token: new Credentials({ url, session }), device: 'd', backoff: { firstMs: 20 }, ...options });
  clients.push(client);
  await client.connect();
  return client;
}

/** The first event that fits. */
function event(client, name, fits = () => true) {
  return new Promise((resolve) => {
    const off = client.on(name, (seen) => {
      if (!fits(seen)) return;
      off();
      resolve(seen);
    });
  });
}

test('sockets: two users chat, with receipts', async () => {
  const ann = await online('ann', { WebSocket });
  // Without the option, Node finds the built-in WebSocket or the package `ws` by itself.
  const bob = await online('bob');
  const arrives = event(bob, 'message');
  const delivered = event(ann, 'receipt', ({ status }) => status === 'delivered');
  const { conversation, seq } = await ann.send({ to: 'bob', text: 'hi' });
  assert.equal((await arrives).text, 'hi');
  assert.equal((await delivered).seq, seq);
  const read = event(ann, 'receipt', ({ status }) => status === 'read');
  bob.read(conversation, seq);
  assert.equal((await read).user, 'bob');
  assert.equal((await bob.conversations()).items[0].unread, 0);
});

test('sockets: what is sent while connections are cut arrives once and in order', async () => {
  const cy = await online('cy');
  const dan = await online('dan');
  const got = [];
  dan.on('message', (message) => got.push(message.text));
  const texts = Array.from({ length: 40 }, (_, at) => `m${at}`);
  const sent = texts.map(async (text, at) => {
    const acknowledged = cy.send({ to: 'dan', text });
    acknowledged.then(() => at % 10 === 5 && server.cut());
    return acknowledged;
  });
  const all = event(dan, 'message', ({ text }) => text === 'm39');
  await Promise.all(sent);
  await all;
  assert.deepEqual(got, texts);
});

test('sockets: closing lets the process end', async () => {
  const eve = await online('eve');
  eve.close();
  assert.equal(eve.state.state, 'idle');
  const { url } = server;
  assert.equal((await login({ url, user: 'eve', password: 'correct horse' })).user, 'eve');
});
