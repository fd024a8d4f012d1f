import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

const count = 130;
let server;
let browser;
let ann;
let bob;
before(async () => {
  server = await Parleyd.start({ settings: ['limits.send_rate=0'] });
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  bob = await Person.registered(browser, server.url, 'bob');
  await ann.chatWith('bob');
  await ann.write(...Array.from({ length: count }, (_, at) => `message ${at + 1}`));
  await eventually(async () => (await ann.ticks()).includes('queued'), false);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const box = () => bob.see('messages');
const scrollTo = (top) => box().evaluate((element, to) => (element.scrollTop = to), top);
/** Where a message stands in the window. */
const placeOf = async (text) => Math.round((await bob.page.getByText(text, { exact: true }).boundingBox()).y);

test('a chat with many unread messages opens where the news begin', async () => {
  await eventually(() => bob.unread(), { ann: count });
  await bob.open('ann');
  await bob.see('unread-mark').waitFor();
  const mark = await bob.see('unread-mark').boundingBox();
  const list = await box().boundingBox();
  assert.ok(mark.y > list.y && mark.y < list.y + list.height, 'the mark is in view');
  assert.ok(Object.values(await bob.unread())[0] > 0, 'what is below is not read yet');
});

test('a button leads to the newest message, and that is then read', async () => {
  await bob.see('to-end').click();
  await eventually(() => bob.unread(), {});
  await eventually(async () => (await ann.ticks()).at(-1), 'read');
  await eventually(() => bob.see('to-end').count(), 0);
});

test('scrolling up loads older messages and keeps the place', async () => {
  await bob.page.reload();
  await eventually(async () => (await bob.texts()).at(-1), `message ${count}`);
  // The upper end of what is loaded, which scrolling there adds to.
  const first = `message ${count - 49}`;
  await scrollTo(0);
  await eventually(async () => (await bob.texts())[0] !== first, true);
  const list = await box().boundingBox();
  const place = await placeOf(first);
  assert.ok(place > list.y - 5 && place < list.y + 200, `${first} stayed near the top, not at ${place}`);
});

test('the very first message can be reached, and all are there once', async () => {
  await eventually(async () => {
    await scrollTo(0);
    return (await bob.texts())[0];
  }, 'message 1');
  const seen = [];
  for (let top = 0; seen.at(-1) !== `message ${count}`; top += 500) {
    assert.ok(top < 100_000, `only ${seen.length} messages are there`);
    await scrollTo(top);
    await bob.page.evaluate(() => new Promise(requestAnimationFrame));
    const drawn = await bob.texts();
    const known = drawn.indexOf(seen.at(-1));
    seen.push(...drawn.slice(known + 1));
  }
  assert.deepEqual(seen, Array.from({ length: count }, (_, at) => `message ${at + 1}`));
});

test('a new message does not move who reads older ones', async () => {
  await scrollTo(400);
  await bob.see('to-end').waitFor();
  // What was drawn before the list followed lies outside the window, and goes.
  const readable = () => bob.see('text').evaluateAll((texts) => texts.find((text) => text.getBoundingClientRect().top > 200 && text.getBoundingClientRect().bottom < innerHeight)?.innerText);
  await eventually(async () => (await readable()) !== undefined, true);
  const inView = await readable();
  const place = await placeOf(inView);
  await ann.write('news');
  await eventually(() => bob.unread(), { ann: 1 });
  assert.equal(await placeOf(inView), place);
  await bob.see('to-end').click();
  await eventually(() => bob.unread(), {});
});

test('the browsers had nothing to complain about', () => {
  ann.hadNoComplaints();
  bob.hadNoComplaints();
});
