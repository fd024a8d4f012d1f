import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../../../tests/browser/eventually.js';
import { login, ParleyError, refresh, register, uuidv7 } from '../../dist/index.js';
import { event, password, Town } from './people.js';

let town;
let server;
before(async () => {
  town = await Town.start();
  ({ server } = town);
});
after(() => town?.stop());

const online = (user, options) => town.online(user, options);
const connected = (session, options) => town.connected(session, options);

test('parleyd: accounts are made, logged in and refreshed, and mistakes are typed', async () => {
  const { url } = server;
  const made = await register({ url, user: 'account', password });
  assert.equal(made.user, 'account');
  assert.ok(made.expiresAt > Date.now(), 'expiresAt is in milliseconds and in the future');
  await assert.rejects(register({ url, user: 'account', password }), { code: 'conflict', status: 409 });
  await assert.rejects(register({ url, user: 'short', password: 'x' }), { code: 'invalid_argument', field: 'password' });
  await assert.rejects(login({ url, user: 'account', password: 'wrong password' }), { code: 'unauthenticated', status: 401 });
  const session = await login({ url, user: 'account', password, device: 'd' });
  const renewed = await refresh({ url, refreshToken: session.refreshToken });
  assert.equal(renewed.user, 'account');
  await assert.rejects(refresh({ url, refreshToken: session.refreshToken }), { code: 'unauthenticated' });
});

test('parleyd: a bad token is refused and stops the client', async () => {
  const client = town.client({ user: 'x', token: 'not.a.token', refreshToken: 'x', expiresAt: Date.now() + 1e9 });
  await assert.rejects(client.connect(), (failure) => failure instanceof ParleyError && failure.code === 'unauthenticated');
});

test('parleyd: two users chat, with receipts and unread counts', async () => {
  const ann = await online('ann');
  const bob = await online('bob');
  const delivered = event(ann, 'receipt', ({ status }) => status === 'delivered');
  const ack = await ann.send({ to: 'bob', text: 'hi bob' });
  assert.equal(ack.seq, 1);
  assert.equal(ack.id, `${ack.conversation}:1`);
  assert.equal(ack.duplicate, false);
  await eventually(() => bob.texts, ['hi bob']);
  assert.equal((await delivered).user, 'bob');
  assert.equal((await bob.conversation(ack.conversation)).unread, 1);
  const read = event(ann, 'receipt', ({ status }) => status === 'read');
  bob.read(ack.conversation, 1);
  assert.equal((await read).seq, 1);
  await eventually(async () => (await bob.conversation(ack.conversation)).unread, 0);
  const { items } = await ann.members(ack.conversation);
  assert.deepEqual(items.map(({ user, delivered, read }) => [user, delivered, read]).sort(), [['ann', 1, 1], ['bob', 1, 1]]);
  // The sender has its own message too, once.
  await eventually(() => ann.texts, ['hi bob']);
});

test('parleyd: a repeated client id is stored once, and other content under it is refused', async () => {
  const cy = await online('cy');
  const clientId = uuidv7();
  const first = await cy.send({ to: 'bob', text: 'once' }, { clientId });
  const again = await cy.send({ to: 'bob', text: 'once' }, { clientId });
  assert.deepEqual([again.seq, again.duplicate], [first.seq, true]);
  await assert.rejects(cy.send({ to: 'bob', text: 'other' }, { clientId }), { code: 'client_id_conflict' });
  assert.equal((await cy.history(first.conversation)).items.length, 1);
});

test('parleyd: requests that are wrong are refused by code and field', async () => {
  const dan = await online('dan');
  await assert.rejects(dan.send({ to: 'nobody', text: 'x' }), { code: 'not_found' });
  await assert.rejects(dan.send({ to: 'dan', text: 'x' }), { code: 'invalid_argument' });
  await assert.rejects(dan.send({ to: 'bob' }), { code: 'invalid_argument' });
  await assert.rejects(dan.history('00000000-0000-4000-8000-000000000000'), { code: 'not_found' });
  await assert.rejects(dan.conversations({ limit: 5000 }), { code: 'invalid_argument', field: 'limit' });
  assert.equal(dan.state.state, 'online');
});

test('parleyd: a group is made, and its history pages both ways', async () => {
  const eve = await online('eve');
  const farid = await online('farid');
  const appears = event(farid, 'member');
  const group = await eve.create({ title: 'Climbing', members: ['farid'] });
  assert.deepEqual([group.kind, group.title, group.role, group.head], ['group', 'Climbing', 'owner', 1]);
  assert.equal((await appears).action, 'create');
  for (let at = 2; at <= 12; at++) await eve.send({ conversation: group.conversation, text: `m${at}` });
  const newest = await farid.history(group.conversation, { limit: 5 });
  assert.deepEqual(newest.items.map(({ seq }) => seq), [8, 9, 10, 11, 12]);
  assert.deepEqual([newest.head, newest.more], [12, true]);
  const before = await farid.history(group.conversation, { before: 4, limit: 50 });
  assert.deepEqual([before.items.map(({ seq }) => seq), before.more], [[1, 2, 3], false]);
  const after = await farid.history(group.conversation, { after: 10, limit: 50 });
  assert.deepEqual([after.items.map(({ seq }) => seq), after.more], [[11, 12], false]);
  const around = await farid.history(group.conversation, { around: 6, limit: 5 });
  assert.ok(around.items.some(({ seq }) => seq === 6));
  const { items } = await farid.conversations();
  assert.deepEqual(items.map(({ title, unread }) => [title, unread]), [['Climbing', 11]]);
});

test('parleyd: what a device missed is replayed to it, once', async () => {
  const session = await register({ url: server.url, user: 'grace', password });
  const grace = await connected(session);
  const hugo = await online('hugo');
  await hugo.send({ to: 'grace', text: 'live' });
  await eventually(() => grace.texts, ['live']);
  await eventually(async () => (await hugo.members((await hugo.conversations()).items[0].conversation)).items.find(({ user }) => user === 'grace').delivered, 1);
  grace.close();
  await hugo.send({ to: 'grace', text: 'missed 1' });
  await hugo.send({ to: 'grace', text: 'missed 2' });
  const again = await connected(session);
  await eventually(() => again.texts, ['missed 1', 'missed 2']);
});

test('parleyd: a queue outlives a killed server, in order and without doubles', async () => {
  const ida = await online('ida');
  const jan = await online('jan');
  const { conversation } = await ida.send({ to: 'jan', text: 'm0' });
  const texts = Array.from({ length: 30 }, (_, at) => `m${at}`);
  const acks = texts.slice(1).map((text) => ida.send({ conversation, text }));
  await acks[4];
  await server.kill();
  await eventually(() => ida.state.state === 'online', false);
  assert.ok(ida.pending > 0);
  await server.startAgain();
  const seqs = (await Promise.all(acks)).map(({ seq }) => seq);
  assert.deepEqual(seqs, texts.slice(1).map((_, at) => at + 2));
  await eventually(() => jan.texts, texts);
  await eventually(() => ida.texts, texts);
  const { items } = await jan.history(conversation, { limit: 100 });
  assert.deepEqual(items.map(({ text }) => text), texts);
});

test('parleyd: positions survive a killed server, since they are repeated', async () => {
  const kim = await online('kim');
  const leo = await online('leo');
  const { conversation } = await kim.send({ to: 'leo', text: 'read this' });
  await eventually(() => leo.texts, ['read this']);
  const read = event(kim, 'receipt', ({ status }) => status === 'read');
  leo.read(conversation, 1);
  await read;
  await server.kill();
  await server.startAgain();
  await eventually(() => leo.state.state, 'online');
  await eventually(async () => (await leo.conversation(conversation)).unread, 0);
  await eventually(async () => (await kim.members(conversation)).items.find(({ user }) => user === 'leo').read, 1);
});

test('parleyd: many senders at once in one group give everybody the same log', async () => {
  const names = ['mia', 'ned', 'ola'];
  const people = [];
  for (const name of names) people.push(await online(name));
  const { conversation } = await people[0].create({ title: 'All at once', members: names.slice(1) });
  await Promise.all(people.flatMap((person, who) => Array.from({ length: 10 }, (_, at) => person.send({ conversation, text: `${names[who]} ${at}` }))));
  for (const person of people) await eventually(() => person.texts.length, 30);
  const { items } = await people[0].history(conversation, { limit: 100 });
  const log = items.filter(({ type }) => type === 'message').map(({ text }) => text);
  for (const person of people) assert.deepEqual(person.texts, log);
  assert.deepEqual(items.map(({ seq }) => seq), Array.from({ length: 31 }, (_, at) => at + 1));
});

test('parleyd: SIGTERM says good-bye, and the client comes back by itself', async () => {
  const pia = await online('pia');
  const back = event(pia, 'welcome');
  await server.restart();
  await back;
  await pia.send({ to: 'bob', text: 'still here' });
});
