import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, networkIsAway, Person } from './people.js';

let server;
let browser;
let ann;
let bob;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.at(browser, 'about:blank', 'ann');
  // A network that lets no WebSocket through: each fails soon after it was made.
  await ann.context.addInitScript(() => {
    window.polls = 0;
    const { fetch } = window;
    window.fetch = (input, init) => {
      if (String(input).endsWith('/v1/poll')) window.polls++;
      return fetch(input, init);
    };
    window.WebSocket = class {
      readyState = 0;

      constructor() {
        setTimeout(() => {
          this.readyState = 3;
          this.onerror?.(new Event('error'));
          this.onclose?.({ code: 1006, reason: '' });
        }, 20);
      }

      send() {}

      close() {}
    };
  });
  await ann.page.goto(server.url);
  await ann.register();
  bob = await Person.registered(browser, server.url, 'bob');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('without WebSockets it polls', async () => {
  await eventually(() => ann.page.evaluate(() => window.polls > 0), true);
});

test('two people chat, one of them by polling, with ticks', async () => {
  await ann.chatWith('bob');
  await ann.write('by poll');
  await bob.open('ann');
  await eventually(() => bob.texts(), ['by poll']);
  await eventually(() => ann.ticks(), ['read']);
  await bob.write('one', 'two', 'three');
  await eventually(() => ann.texts(), ['by poll', 'one', 'two', 'three']);
  await ann.write('four', 'five');
  for (const person of [ann, bob]) await eventually(() => person.texts(), ['by poll', 'one', 'two', 'three', 'four', 'five']);
});

test('an answer comes soon, though the poll before it waits', async () => {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const begun = Date.now();
  await bob.write('quick');
  await eventually(async () => (await ann.texts()).at(-1), 'quick');
  await ann.write('quick too');
  await eventually(async () => (await bob.texts()).at(-1), 'quick too');
  assert.ok(Date.now() - begun < 5000, 'no message waits for the end of a poll');
});

test('what was written while the network was away is sent once', async () => {
  await ann.context.setOffline(true);
  await ann.see('banner').waitFor();
  await ann.write('offline');
  await bob.write('meanwhile');
  await ann.context.setOffline(false);
  await ann.see('banner').waitFor({ state: 'detached' });
  await eventually(async () => (await ann.texts()).slice(-2).sort(), ['meanwhile', 'offline']);
  await eventually(async () => (await bob.texts()).slice(-2), await ann.texts().then((all) => all.slice(-2)));
});

test('the browsers complained about the network only', () => {
  ann.hadNoComplaints(networkIsAway);
  bob.hadNoComplaints(networkIsAway);
});
