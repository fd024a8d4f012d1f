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
  ann = await Person.registered(browser, server.url, 'ann', { permissions: ['notifications'] });
  // Notes what is notified, and makes the page believe that nobody looks when the test says so.
  await ann.context.addInitScript(() => {
    window.notified = [];
    window.Notification = class {
      static permission = 'granted';

      constructor(title, { body }) {
        window.notified.push(`${title}: ${body}`);
      }
    };
  });
  await ann.page.reload();
  bob = await Person.registered(browser, server.url, 'bob');
  await ann.chatWith('bob');
  await ann.write('hello');
  await bob.open('ann');
  await eventually(() => bob.texts(), ['hello']);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('both see that the other is online', async () => {
  for (const person of [ann, bob]) await eventually(() => person.see('chat-status').innerText(), 'online');
  await eventually(() => ann.listed('bob').getByTestId('online').count(), 1);
});

test('one sees that the other is typing, until the message is there', async () => {
  await bob.see('composer').pressSequentially('let me th');
  await eventually(() => ann.see('chat-status').innerText(), 'typing…');
  await bob.see('composer').press('Enter');
  await eventually(() => ann.see('chat-status').innerText(), 'online');
  // The server passes typing on every two seconds at most.
  await bob.see('composer').pressSequentially('or shall I not?', { delay: 250 });
  await eventually(() => ann.see('chat-status').innerText(), 'typing…');
  await bob.see('composer').fill('');
  await eventually(() => ann.see('chat-status').innerText(), 'online');
});

test('a message that comes while nobody looks is notified, and one that is looked at is not', async () => {
  const hide = (hidden) => ann.page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden ? 'hidden' : 'visible');
  await bob.write('seen');
  await eventually(async () => (await ann.texts()).at(-1), 'seen');
  assert.deepEqual(await ann.page.evaluate(() => window.notified), []);
  await hide(true);
  await bob.write('are you there?');
  await eventually(() => ann.page.evaluate(() => window.notified), ['bob: are you there?']);
  await eventually(() => ann.unread(), { bob: 1 });
  await hide(false);
  await eventually(() => ann.unread(), {});
});

test('who is gone is last seen, after a while', async () => {
  await bob.context.close();
  // Offline is announced after a grace of 15 s.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  await eventually(async () => (await ann.see('chat-status').innerText()).startsWith('last seen at '), true);
  await eventually(() => ann.listed('bob').getByTestId('online').count(), 0);
});

test('the browser had nothing to complain about', () => ann.hadNoComplaints());
