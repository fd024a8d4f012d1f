import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, password, Person } from './people.js';

const count = 2500;
let server;
let browser;
let ann;
before(async () => {
  server = await Parleyd.start({ settings: ['limits.send_rate=0'] });
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  const bob = await account('bob');
  const sent = [];
  for (let at = 1; at <= count; at++) {
    sent.push(bob('/v1/messages', { to: 'ann', text: at === 7 ? 'The NEEDLE in the hay' : `hay ${at}${at % 40 === 0 ? '\n'.repeat(at % 7) + 'in several lines' : ''}` }));
    if (sent.length === 1 || sent.length === 20) await Promise.all(sent.splice(0));
  }
  await Promise.all(sent);
  const cy = await account('cy');
  await cy('/v1/messages', { to: 'ann', text: 'another needle here' });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Makes an account, and answers a function that posts in its name. */
async function account(user) {
  const post = async (path, body, token) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
    return response.json();
  };
  const { token } = await post('/v1/register', { user, password });
  return (path, body) => post(path, body, token);
}

const box = () => ann.see('messages');
const found = () => ann.see('result').evaluateAll((all) => all.map((one) => one.querySelector('.conversation-title').innerText));

test('a search looks through all conversations, whatever the case', async () => {
  await ann.see('search').click();
  await ann.see('search-field').fill('needle');
  await eventually(found, ['cy', 'bob']);
  assert.deepEqual(await ann.page.locator('mark').allInnerTexts(), ['needle', 'NEEDLE']);
  await ann.see('search-field').fill('nothing like it');
  await eventually(() => ann.see('search-state').innerText(), 'Nothing found.');
});

test('a result leads to its message, far up in the past, and the results stay', async () => {
  await ann.see('search-field').fill('needle in');
  await eventually(found, ['bob']);
  await ann.see('search-field').press('ArrowDown');
  await ann.page.keyboard.press('Enter');
  const message = ann.message('The NEEDLE in the hay');
  await message.waitFor();
  await eventually(async () => (await ann.page.locator('article.flashing').count()) > 0, true);
  const [list, place] = [await box().boundingBox(), await message.boundingBox()];
  assert.ok(place.y > list.y && place.y + place.height < list.y + list.height, 'the message is in view');
  assert.equal(await ann.see('result').count(), 1);
});

test('from there one scrolls down into what came later', async () => {
  for (let page = 0; page < 4; page++) {
    const last = (await ann.texts()).at(-1);
    await box().evaluate((element) => (element.scrollTop = element.scrollHeight));
    await eventually(async () => (await ann.texts()).at(-1) !== last, true);
  }
  const seen = await ann.texts();
  assert.ok(!seen.some((text) => text.startsWith(`hay ${count}`)), 'the end is not here yet');
});

test('a button leads back to the newest message', async () => {
  await ann.see('to-end').click();
  await eventually(async () => (await ann.texts()).at(-1)?.startsWith(`hay ${count}`), true);
  await eventually(() => ann.see('to-end').count(), 0);
});

test('closing the search brings the list back, beside the same chat', async () => {
  await ann.see('panel-back').click();
  await eventually(() => ann.unread(), { cy: 1 });
  assert.equal(await ann.see('chat-title').innerText(), 'bob');
});

test('of thousands of messages few are drawn, and scrolling through them keeps their order', async () => {
  const scan = await box().evaluate(async (element) => {
    const numbers = [];
    let longest = 0;
    let drawn = 0;
    for (let step = 0; step < 120; step++) {
      element.scrollTop -= 700;
      const begun = performance.now();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      longest = Math.max(longest, performance.now() - begun);
      const texts = [...element.querySelectorAll('[data-testid=text]')].map((text) => Number(/^hay (\d+)/.exec(text.innerText)?.[1] ?? 0)).filter(Boolean);
      drawn = Math.max(drawn, texts.length);
      if (texts.some((number, at) => at > 0 && number !== texts[at - 1] + 1)) numbers.push(texts);
      if (element.scrollTop === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return { disorder: numbers, longest, drawn, first: Number(/\d+/.exec(element.querySelector('[data-testid=text]').innerText)[0]) };
  });
  assert.deepEqual(scan.disorder, []);
  assert.ok(scan.drawn < 150, `${scan.drawn} messages were drawn at once`);
  assert.ok(scan.first < count - 800, `it only came to ${scan.first}`);
  assert.ok(scan.longest < 400, `a step took ${Math.round(scan.longest)} ms`);
});

test('the browser had nothing to complain about', () => ann.hadNoComplaints());
