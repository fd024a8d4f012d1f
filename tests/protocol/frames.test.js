import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Parleyd } from '../browser/parleyd.js';
import { Client } from './client.js';
import { fieldsOf } from './patterns.js';
import { frames } from './schemas.js';
import { Sightings } from './sightings.js';
import { secret, tokenOf } from './token.js';
import { typesOfTheServer } from './types.js';

// The story is told in order; what is checked at the end is what it showed. The small limits are reached by it.
const settings = [
  `auth.jwt.hs256_secret=${secret}`, 'limits.send_rate=0', 'limits.create_rate=0.01', 'limits.create_burst=3', 'limits.replay=3',
  'limits.outbox_frames=32', 'groups.push_limit=4', 'presence.grace_ms=100',
];
const sightings = new Sightings();
let server;
let ann;
let tablet;
let bob;
let cy;
let direct;
let group;
before(async () => (server = await Parleyd.start({ settings })));
after(() => server?.stop());

const open = (user, device, query = {}) => Client.open(server, { token: tokenOf(user), device, sightings, ...query });

async function online(user, device, query) {
  const client = await open(user, device, query);
  client.welcome = await client.takeType('welcome');
  client.synced = await client.takeType('synced');
  return client;
}

/** A writing request with a client id; answers the seq of its entry when the author has been pushed it. */
async function write(client, frame, pushed) {
  const { seq } = await client.must({ ...frame, clientId: randomUUID() });
  await client.takeType(pushed, (entry) => entry.seq === seq);
  return seq;
}

async function upload(user) {
  const answer = await fetch(new URL('/v1/files?name=menu.txt', server.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${tokenOf(user)}`, 'Content-Type': 'text/plain' },
    body: 'soup',
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).file;
}

test('story: two people write to each other, one of them on two devices', async () => {
  for (const user of ['dan', 'eve', 'finn']) await (await online(user, 'd')).close();
  [ann, tablet, bob, cy] = await Promise.all([online('ann', 'phone'), online('ann', 'tablet'), online('bob', 'd'), online('cy', 'd')]);
  ({ conversation: direct } = await ann.must({ type: 'send', to: 'bob', text: 'hi bob' }));
  const file = await upload('ann');
  const content = { text: 'the menu', replyTo: 1, mentions: ['bob'], data: { kind: 'menu' }, attachments: [{ file, caption: 'soup' }] };
  await write(ann, { type: 'send', conversation: direct, ...content, silent: true }, 'message');
  await write(ann, { type: 'edit', conversation: direct, target: 1, text: 'hello bob', data: { edits: 1 } }, 'edited');
  await write(bob, { type: 'react', conversation: direct, target: 1, key: '👍', on: true }, 'reaction');
  const mistake = await write(bob, { type: 'send', conversation: direct, text: 'a mistake' }, 'message');
  await write(bob, { type: 'delete', conversation: direct, target: mistake }, 'deleted');
  await tablet.takeType('deleted');
});

test('story: positions, typing, muting and blocking are told to whom they concern', async () => {
  // What bob wrote himself he has received without saying so.
  const { seq } = await ann.must({ type: 'send', conversation: direct, text: 'oh?' });
  await bob.must({ type: 'received', conversation: direct, seq });
  await ann.takeType('receipt', ({ status }) => status === 'delivered');
  await bob.must({ type: 'read', conversation: direct, seq });
  await ann.takeType('receipt', ({ status }) => status === 'read');
  await bob.must({ type: 'typing', conversation: direct, on: true });
  await ann.takeType('typing');
  await ann.must({ type: 'mute', conversation: direct, untilMs: 4_102_444_800_000 });
  await tablet.takeType('muted');
  await bob.must({ type: 'block', user: 'ann' });
  assert.equal((await ann.ask({ type: 'send', to: 'bob', text: 'hello?' })).code, 'blocked');
  await bob.must({ type: 'unblock', user: 'ann' });
});

test('story: somebody watches who is there', async () => {
  await ann.must({ type: 'presence', subscribe: ['bob', 'eve'] });
  await ann.takeType('presence', ({ user }) => user === 'eve');
  await ann.takeType('presence', ({ user, status }) => user === 'bob' && status === 'online');
  await bob.must({ type: 'presence', status: 'away' });
  await ann.takeType('presence', ({ status }) => status === 'away');
  await bob.close();
  await ann.takeType('presence', ({ user, status }) => user === 'bob' && status === 'offline');
  bob = await online('bob', 'd');
});

test('story: a group changes, and switches to pull mode when it grows', async () => {
  const clientId = randomUUID();
  const made = { type: 'create', clientId, title: 'lunch', members: ['bob', 'cy'], history: 'all', mode: 'push', data: { colour: 'red' } };
  ({ conversation: group } = await ann.must(made));
  await cy.takeType('member');
  await write(ann, { type: 'role', conversation: group, user: 'bob', role: 'admin' }, 'member');
  await write(ann, { type: 'update', conversation: group, title: 'dinner', data: { colour: 'blue' } }, 'updated');
  await write(bob, { type: 'add', conversation: group, users: ['dan', 'eve'] }, 'member');
  await ann.takeType('updated', ({ mode }) => mode === 'pull');
  await cy.must({ type: 'focus', conversations: [group] });
  await cy.takeType('hint');
  await ann.must({ type: 'send', conversation: group, text: 'who comes?' });
  await cy.takeType('message', ({ text }) => text === 'who comes?');
  await bob.takeType('hint');
  await ann.must({ type: 'remove', conversation: group, users: ['dan', 'eve'] });
  await ann.must({ type: 'update', conversation: group, mode: 'pull' });
  await ann.must({ type: 'update', conversation: group, mode: 'push' });
  await cy.must({ type: 'leave', conversation: group });
});

test('story: lists are read page by page', async () => {
  const page = await ann.must({ type: 'conversations', limit: 1 });
  await ann.must({ type: 'conversations', after: page.next });
  await ann.must({ type: 'conversation', conversation: direct });
  await ann.must({ type: 'conversation', conversation: group });
  const { next } = await ann.must({ type: 'members', conversation: group, limit: 1 });
  await ann.must({ type: 'members', conversation: group, after: next });
  const { items } = await ann.must({ type: 'history', conversation: direct });
  assert.deepEqual(items.map(({ type }) => type), ['message', 'message', 'edited', 'reaction', 'message', 'deleted', 'message']);
  await bob.must({ type: 'history', conversation: group, around: 3, limit: 3 });
  assert.equal((await bob.must({ type: 'search', text: 'HELLO' })).items.length, 1);
});

test('story: what cannot be done is refused, and a ping is answered', async () => {
  assert.equal((await ann.ask({ type: 'send', to: 'ann', text: 'to myself' })).field, 'to');
  let reply;
  do reply = await ann.ask({ type: 'create', members: [] });
  while (reply.type !== 'error');
  assert.equal(reply.code, 'rate_limited');
  await ann.must({ type: 'ping' });
  ann.say({ type: 'ping' });
  await ann.takeType('pong');
});

test('story: a new device is replayed the newest, and a broken connection resumes', async () => {
  for (const text of ['one', 'two', 'three', 'four']) await bob.must({ type: 'send', to: 'ann', text });
  const watch = await open('ann', 'watch');
  await watch.takeType('gap');
  await watch.takeType('synced');
  await watch.close();
  const { session, resumeKey } = tablet.welcome;
  await tablet.drop();
  await bob.must({ type: 'send', to: 'ann', text: 'are you there?' });
  tablet = await open('ann', 'tablet', { resume: session, key: resumeKey, s: String(tablet.lastS) });
  assert.equal((await tablet.takeType('welcome')).resumed, true);
  await tablet.takeType('message', ({ text }) => text === 'are you there?');
});

test('story: a client that does not read lags', async () => {
  const finn = await online('finn', 'd');
  finn.pause();
  const much = { type: 'send', to: 'finn', text: 'x'.repeat(16_384), data: { more: 'x'.repeat(30_000) }, echo: false };
  for (let left = 300; left > 0; left -= 30) await Promise.all(Array.from({ length: 30 }, () => bob.must(much)));
  finn.resume();
  await finn.takeType('lag');
  await finn.close();
});

test('story: who is connected is told when the node ends', async () => {
  const clients = [ann, tablet, bob, cy];
  const farewell = Promise.all(clients.map((client) => client.takeType('bye')));
  await server.stop();
  server = undefined;
  await farewell;
  for (const client of clients) assert.equal((await client.closed).code, 4001);
});

// Extension actors come with `call`.
const ofCalls = typesOfTheServer().includes('call') ? [] : ['result', 'event'];

for (const [type, schema] of Object.entries(frames)) {
  if (ofCalls.includes(type)) continue;
  test(`frames: every ${type} fits its schema and has no other field`, () => assert.deepEqual(sightings.problems(type), []));

  test(`frames: every field of ${type} was sent`, () => {
    const seen = sightings.fieldsOf(type);
    assert.deepEqual([...fieldsOf(schema, `frames/${type}.json`)].filter((field) => !seen.has(field)), []);
  });
}
