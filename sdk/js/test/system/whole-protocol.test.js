import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../../../tests/browser/eventually.js';
import { MemoryOutbox, register } from '../../dist/index.js';
import { event, password, Town } from './people.js';

let town;
before(async () => (town = await Town.start()));
after(() => town?.stop());

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('parleyd: a message is edited, reacted to and deleted, live and in the history', async () => {
  const ann = await town.online('ann');
  const bob = await town.online('bob');
  const { conversation } = await ann.send({ to: 'bob', text: 'hi' });
  await eventually(() => bob.texts, ['hi']);
  const [edited, reaction] = [event(bob, 'edited'), event(ann, 'reaction')];
  await ann.edit(conversation, 1, { text: 'hello' });
  assert.deepEqual([(await edited).target, (await edited).text], [1, 'hello']);
  await bob.react(conversation, 1, '👍');
  assert.deepEqual([(await reaction).key, (await reaction).on, (await reaction).from], ['👍', true, 'bob']);
  const { items: [message] } = await bob.history(conversation);
  assert.deepEqual([message.text, message.reactions], ['hello', { '👍': ['bob'] }]);
  assert.ok(message.editedAt > 0);
  assert.equal((await bob.react(conversation, 1, '👍')).duplicate, true);
  await assert.rejects(bob.edit(conversation, 1, { text: 'mine' }), { code: 'forbidden' });
  const deleted = event(bob, 'deleted');
  await ann.delete(conversation, 1);
  assert.equal((await deleted).target, 1);
  const { items: [gone] } = await bob.history(conversation);
  assert.deepEqual([gone.deleted, gone.text], [true, undefined]);
});

test('parleyd: replies and mentions travel, and wrong ones are refused', async () => {
  const cy = await town.online('cy');
  const dan = await town.online('dan');
  const { conversation } = await cy.create({ title: 'Group', members: ['dan'] });
  const first = await cy.send({ conversation, text: 'first' });
  const answer = event(cy, 'message', ({ replyTo }) => replyTo !== undefined);
  await dan.send({ conversation, text: '@cy yes', replyTo: first.seq, mentions: ['cy'] });
  assert.deepEqual([(await answer).replyTo, (await answer).mentions], [first.seq, ['cy']]);
  await assert.rejects(dan.send({ conversation, text: 'x', replyTo: 999 }), { code: 'invalid_argument', field: 'replyTo' });
});

test('parleyd: members come, get roles and go, and each change is one entry', async () => {
  const eve = await town.online('eve');
  const farid = await town.online('farid');
  const gina = await town.online('gina');
  const { conversation } = await eve.create({ title: 'Old', members: ['farid'] });
  const changes = [];
  eve.on('member', ({ action, users, role }) => action !== 'create' && changes.push([action, users.join(), role]));
  const added = event(gina, 'member');
  await eve.add(conversation, ['gina']);
  assert.equal((await added).action, 'add');
  await eve.role(conversation, 'farid', 'admin');
  const updated = event(gina, 'updated');
  await farid.update(conversation, { title: 'New' });
  assert.equal((await updated).title, 'New');
  const removed = event(gina, 'member', ({ action }) => action === 'remove');
  await farid.remove(conversation, ['gina']);
  assert.deepEqual((await removed).users, ['gina']);
  await farid.leave(conversation);
  await eventually(() => changes, [['add', 'gina', undefined], ['role', 'farid', 'admin'], ['remove', 'gina', undefined], ['leave', 'farid', undefined]]);
  await assert.rejects(gina.send({ conversation, text: 'still here?' }), { code: 'not_found' });
  assert.deepEqual((await eve.members(conversation)).items.map(({ user }) => user), ['eve']);
});

test('parleyd: mute, block, search, presence and typing', async () => {
  const hugo = await town.online('hugo');
  const ida = await town.online('ida');
  const { conversation } = await hugo.send({ to: 'ida', text: 'a Needle in the hay' });
  const muted = event(ida, 'muted');
  const untilMs = Date.now() + 3_600_000;
  await ida.mute(conversation, untilMs);
  assert.equal((await muted).untilMs, untilMs);
  assert.equal((await ida.conversation(conversation)).mutedUntil, untilMs);
  assert.deepEqual((await ida.search('needle')).map(({ text }) => text), ['a Needle in the hay']);
  assert.deepEqual(await ida.search('needle', { conversation }).then((found) => found.length), 1);
  const presence = event(hugo, 'presence');
  hugo.presence({ subscribe: ['ida'] });
  assert.deepEqual([(await presence).user, (await presence).status], ['ida', 'online']);
  const typing = event(hugo, 'typing');
  ida.typing(conversation);
  assert.deepEqual([(await typing).user, (await typing).on], ['ida', true]);
  await ida.block('hugo');
  await assert.rejects(hugo.send({ conversation, text: 'x' }), { code: 'blocked' });
  await ida.unblock('hugo');
  await hugo.send({ conversation, text: 'y' });
});

test('parleyd: a cut connection resumes its session, and nothing is lost or doubled', async () => {
  const sockets = [];
  const jan = await town.online('jan', {
    WebSocket: class extends (await import('ws')).default {
      constructor(...all) {
        super(...all);
        sockets.push(this);
      }
    },
  });
  const kim = await town.online('kim');
  const { conversation } = await kim.send({ to: 'jan', text: 'before' });
  await eventually(() => jan.texts, ['before']);
  const back = event(jan, 'welcome');
  sockets.at(-1).terminate();
  await kim.send({ conversation, text: 'meanwhile' });
  assert.equal((await back).resumed, true);
  await kim.send({ conversation, text: 'after' });
  await eventually(() => jan.texts, ['before', 'meanwhile', 'after']);
});

test('parleyd: by long polling one chats like by a socket, and resumes', async () => {
  let failures = 0;
  const fetch = (url, init) => {
    if (failures > 0 && url.endsWith('/v1/poll')) return failures--, Promise.reject(new TypeError('no network'));
    return globalThis.fetch(url, init);
  };
  const leo = await town.online('leo', { transport: 'poll', fetch });
  const mia = await town.online('mia');
  assert.equal(leo.transport, 'poll');
  const { conversation } = await leo.send({ to: 'mia', text: 'by poll' });
  await eventually(() => mia.texts, ['by poll']);
  await mia.send({ conversation, text: 'by socket' });
  await eventually(() => leo.texts, ['by poll', 'by socket']);
  failures = 2;
  await mia.send({ conversation, text: 'while polls fail' });
  const texts = ['one', 'two', 'three'];
  await Promise.all(texts.map((text) => leo.send({ conversation, text })));
  await eventually(() => mia.texts, ['by poll', 'by socket', 'while polls fail', ...texts]);
  await eventually(() => leo.texts, mia.texts);
});

test('parleyd: what one client left unsent the next one sends', async () => {
  const outbox = new MemoryOutbox();
  const ned = await register({ url: town.server.url, user: 'ned', password });
  const ola = await town.online('ola');
  const offline = town.client(ned, { outbox });
  const left = offline.send({ to: 'ola', text: 'kept' }).catch(({ code }) => code);
  await pause(10);
  offline.close();
  assert.equal(await left, 'disconnected');
  const next = await town.connected(ned, { outbox });
  await eventually(() => ola.texts, ['kept']);
  await eventually(async () => (await outbox.all()).length, 0);
  // What it asks on its own accord is answered too.
  await eventually(() => next.pending, 0);
});

test('parleyd: a file is attached, and read by members only', async () => {
  const pia = await town.online('pia');
  const quin = await town.online('quin');
  const ron = await town.online('ron');
  const file = await pia.rest.upload(new Blob(['content'], { type: 'text/plain' }), { name: 'grüße.txt' });
  assert.deepEqual([file.name, file.size, file.mime, file.sha256.length], ['grüße.txt', 7, 'text/plain', 64]);
  const arrives = event(quin, 'message');
  await pia.send({ to: 'quin', attachments: [file] });
  const [attachment] = (await arrives).attachments;
  assert.deepEqual([attachment.file, attachment.name], [file.file, file.name]);
  assert.equal(await (await quin.rest.download(file.file)).text(), 'content');
  assert.equal(await (await fetch(await quin.rest.fileUrl(file.file))).text(), 'content');
  await assert.rejects(ron.rest.download(file.file), { code: 'not_found' });
});

test('parleyd: profile, users, devices and messages over HTTP', async () => {
  const sam = await town.online('sam');
  const tia = await town.online('tia');
  await sam.rest.rename('Samuel');
  assert.equal((await sam.rest.me()).name, 'Samuel');
  assert.equal((await tia.rest.user('sam')).name, 'Samuel');
  assert.deepEqual((await tia.rest.users('sa')).map(({ user }) => user), ['sam']);
  assert.deepEqual((await sam.rest.devices()).map(({ device }) => device), ['d']);
  const sent = await sam.rest.send({ to: 'tia', text: 'over HTTP' });
  await eventually(() => tia.texts, ['over HTTP']);
  assert.equal((await sam.rest.history(sent.conversation)).items[0].text, 'over HTTP');
  assert.equal((await sam.rest.conversations()).items[0].conversation, sent.conversation);
  await sam.rest.revoke('d');
  await eventually(() => sam.state.error?.closeCode, 4502);
});
