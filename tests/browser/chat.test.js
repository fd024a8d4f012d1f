import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

let server;
let browser;
let ann;
let bob;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  bob = await Person.registered(browser, server.url, 'bob');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the page is served with a strict content security policy', async () => {
  const response = await fetch(server.url);
  const policy = response.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});

test('a message to a user makes the chat on both sides, unread at the receiver', async () => {
  await ann.chatWith('bob');
  await ann.write('hello bob');
  await eventually(() => ann.texts(), ['hello bob']);
  await eventually(() => bob.unread(), { ann: 1 });
  assert.equal(await bob.listed('ann').getByTestId('preview').innerText(), 'hello bob');
  await eventually(() => bob.page.title(), '(1) Parley');
});

test('ticks go from delivered to read when the other opens the chat', async () => {
  await eventually(() => ann.ticks(), ['delivered']);
  await bob.open('ann');
  await eventually(() => bob.texts(), ['hello bob']);
  await eventually(() => ann.ticks(), ['read']);
  await eventually(() => bob.unread(), {});
  await eventually(() => bob.page.title(), 'Parley');
});

test('both sides see one order, and what is seen at once is read at once', async () => {
  await bob.write('hello ann', 'how are you?');
  await eventually(() => ann.texts(), ['hello bob', 'hello ann', 'how are you?']);
  await ann.write('fine');
  await eventually(() => bob.texts(), ['hello bob', 'hello ann', 'how are you?', 'fine']);
  await eventually(() => ann.ticks(), ['read', 'read']);
  await eventually(() => bob.ticks(), ['read', 'read']);
  assert.deepEqual(await bob.unread(), {});
});

test('messages stand under the name of their day', async () => {
  assert.deepEqual(await ann.see('day').allInnerTexts(), ['Today']);
});

test('after a reload everything is still there', async () => {
  await ann.page.reload();
  await eventually(() => ann.texts(), ['hello bob', 'hello ann', 'how are you?', 'fine']);
  await eventually(() => ann.ticks(), ['read', 'read']);
  assert.deepEqual(await ann.unread(), {});
});

test('unread counts are the same after a reload, and go when the chat is opened', async () => {
  await bob.see('chat-title').press('Escape');
  await eventually(() => bob.see('chat').count(), 0);
  await ann.write('one', 'two', 'three');
  await eventually(() => bob.unread(), { ann: 3 });
  await bob.page.reload();
  await eventually(() => bob.unread(), { ann: 3 });
  await eventually(() => ann.ticks(), ['read', 'read', 'delivered', 'delivered', 'delivered']);
  await bob.open('ann');
  await bob.see('unread-mark').waitFor();
  await eventually(() => bob.unread(), {});
  await eventually(() => ann.ticks(), Array(5).fill('read'));
});

test('text is shown as it was written', async () => {
  const text = '<b>bold?</b> & "quotes"\n  second line, grüße 你好 🎉';
  await ann.write(text);
  const last = bob.see('text').last();
  await eventually(() => last.innerText(), text);
  await ann.write('see https://example.org/a?b=c.');
  await eventually(() => bob.see('text').last().locator('a').getAttribute('href').catch(() => null), 'https://example.org/a?b=c');
});

test('a message of nothing but a few emoji is shown large', async () => {
  const size = () => ann.see('text').last().evaluate((text) => parseFloat(getComputedStyle(text).fontSize));
  await bob.write('great 🎉');
  await eventually(async () => (await ann.texts()).at(-1), 'great 🎉');
  const usual = await size();
  await bob.write('🎉👍🏽');
  await eventually(async () => (await ann.texts()).at(-1), '🎉👍🏽');
  assert.ok((await size()) > 2 * usual);
});

test('a second browser of the same user shows the same, and reading in one clears the other', async () => {
  const other = await Person.at(browser, server.url, 'bob');
  await other.signIn();
  await bob.see('chat-title').press('Escape');
  await ann.write('for both');
  await eventually(() => bob.unread(), { ann: 1 });
  await eventually(() => other.unread(), { ann: 1 });
  await other.open('ann');
  await eventually(() => other.see('text').last().innerText(), 'for both');
  await eventually(() => bob.unread(), {});
  other.hadNoComplaints();
  await other.context.close();
});

test('two tabs of one browser both stay current', async () => {
  const tab = await bob.context.newPage();
  await tab.goto(server.url);
  const preview = () => tab.getByTestId('preview').innerText();
  const badges = () => tab.getByTestId('unread').count();
  await eventually(preview, 'for both');
  await ann.write('to two tabs');
  await eventually(preview, 'to two tabs');
  await eventually(badges, 1);
  await bob.open('ann');
  await eventually(async () => (await bob.texts()).at(-1), 'to two tabs');
  await eventually(badges, 0);
  await bob.write('from one of them');
  await eventually(preview, 'You: from one of them');
  await tab.close();
});

test('a receipt that overtakes the list of members counts', async () => {
  const cy = await Person.at(browser, server.url, 'cy');
  const held = [];
  let hasReceipt = false;
  await cy.context.routeWebSocket(/\/connect/, (socket) => {
    const node = socket.connectToServer();
    node.onMessage((frame) => {
      const { type } = JSON.parse(frame);
      if (type === 'members' && !hasReceipt) return held.push(frame);
      hasReceipt ||= type === 'receipt';
      socket.send(frame);
      if (hasReceipt) for (const late of held.splice(0)) socket.send(late);
    });
  });
  await cy.page.reload();
  await cy.register();
  await cy.chatWith('bob');
  await cy.write('anybody there?');
  await eventually(() => cy.ticks(), ['delivered']);
  await cy.context.close();
});

test('the browsers had nothing to complain about', () => {
  ann.hadNoComplaints();
  bob.hadNoComplaints();
});
