import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, networkIsAway, Person } from './people.js';

let server;
let browser;
let ann;
let bob;
const written = [];
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  bob = await Person.registered(browser, server.url, 'bob');
  await ann.chatWith('bob');
  await write(ann, 'before');
  await bob.open('ann');
  await everybodySees();
  // Offline, no receipt comes any more.
  await eventually(() => ann.ticks(), ['read']);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function write(person, ...texts) {
  written.push(...texts);
  await person.write(...texts);
}

/** Nothing is lost, nothing doubled, and both have the same order. */
async function everybodySees() {
  for (const person of [ann, bob]) await eventually(() => person.texts(), written);
}

test('what is written offline is shown as queued, and sent once when the network is back', async () => {
  await ann.context.setOffline(true);
  await ann.page.locator('[data-testid=banner][data-state=offline]').waitFor();
  await write(ann, 'offline 1', 'offline 2', 'offline 3');
  await eventually(() => ann.texts(), written);
  await eventually(() => ann.ticks(), ['read', 'queued', 'queued', 'queued']);
  await ann.context.setOffline(false);
  await ann.see('banner').waitFor({ state: 'detached' });
  await everybodySees();
  await eventually(() => ann.ticks(), Array(4).fill('read'));
});

test('what came while one was offline is there afterwards', async () => {
  await ann.context.setOffline(true);
  await ann.see('banner').waitFor();
  await write(bob, 'while you were away 1', 'while you were away 2');
  await eventually(async () => (await bob.ticks()).at(-1), 'sent');
  await ann.context.setOffline(false);
  await everybodySees();
  await eventually(async () => (await bob.ticks()).at(-1), 'read');
});

test('queued messages survive a reload', async () => {
  // The page itself cannot be loaded offline, so it is the server that is away for the connection only.
  await ann.context.setOffline(true);
  await ann.see('banner').waitFor();
  await write(ann, 'before the reload');
  await eventually(async () => (await ann.ticks()).at(-1), 'queued');
  await ann.context.setOffline(false);
  await ann.page.reload();
  await everybodySees();
});

test('a server that is killed and started again loses and doubles nothing', async () => {
  await write(ann, 'last words');
  await everybodySees();
  await server.kill();
  await ann.see('banner').waitFor();
  await write(ann, 'queued 1', 'queued 2');
  await write(bob, 'also queued');
  // Each side shows its own as queued; which comes first is decided when the server is back.
  written.splice(-3);
  await server.startAgain();
  const all = ['also queued', 'queued 1', 'queued 2'];
  for (const person of [ann, bob]) {
    await eventually(async () => (await person.texts()).slice(written.length).sort(), all);
    await eventually(async () => (await person.ticks()).includes('queued'), false);
  }
  const order = await ann.texts();
  await eventually(() => bob.texts(), order);
  await eventually(async () => order.filter((text) => text.startsWith('queued')), ['queued 1', 'queued 2']);
  await eventually(async () => (await ann.ticks()).at(-1), 'read');
  await ann.page.reload();
  await eventually(() => ann.texts(), order);
});

test('killing the server in the middle of writing loses and doubles nothing', async () => {
  const before = await ann.texts();
  const texts = Array.from({ length: 12 }, (_, at) => `burst ${at}`);
  const writing = ann.write(...texts);
  await eventually(async () => (await ann.texts()).includes('burst 3'), true);
  await server.kill();
  await writing;
  await server.startAgain();
  for (const person of [ann, bob]) {
    await eventually(() => person.texts(), [...before, ...texts]);
    await person.page.reload();
    await eventually(() => person.texts(), [...before, ...texts]);
  }
});

test('the browsers complained about the network only', () => {
  ann.hadNoComplaints(networkIsAway);
  bob.hadNoComplaints(networkIsAway);
});
