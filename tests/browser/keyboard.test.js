import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, password, Person } from './people.js';

let server;
let browser;
let ann;
let bob;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  bob = await Person.registered(browser, server.url, 'bob');
  ann = await Person.at(browser, server.url, 'ann');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = async (...keys) => {
  for (const key of keys) await ann.page.keyboard.press(key);
};
const type = (text) => ann.page.keyboard.type(text);
const focused = () => ann.page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.getAttribute('aria-label'));

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(testId, key = 'Tab') {
  for (let stops = 0; (await focused()) !== testId; stops++) {
    assert.ok(stops < 20, `${key} does not lead to ${testId}`);
    await press(key);
  }
}

test('an account is made without a mouse', async () => {
  await eventually(focused, 'sign-in-user');
  await tabTo('sign-in-switch');
  await press('Enter');
  await eventually(focused, 'sign-in-user');
  await type('ann');
  await press('Tab');
  await type(password);
  await press('Enter');
  await ann.page.locator('[data-testid=conversations][data-loaded=true]').waitFor();
});

test('a chat is started and written in without a mouse', async () => {
  await tabTo('new-chat');
  await press('Enter');
  await eventually(focused, 'new-chat-user');
  await type('bob');
  await press('Enter');
  await eventually(focused, 'composer');
  await type('first line');
  await press('Shift+Enter');
  await type('second line');
  await press('Enter');
  await eventually(() => ann.texts(), ['first line\nsecond line']);
  await eventually(() => ann.see('composer').inputValue(), '');
  await type('again');
  await press('Enter');
  await eventually(() => ann.texts(), ['first line\nsecond line', 'again']);
});

test('Enter on nothing sends nothing', async () => {
  await press('Enter');
  await type('   ');
  await press('Enter');
  await ann.see('composer').fill('');
  assert.equal((await ann.texts()).length, 2);
});

test('Escape leads back to the list, at the place one came from, and Enter opens it again', async () => {
  await press('Escape');
  await eventually(() => ann.see('chat').count(), 0);
  await eventually(focused, 'conversation');
  await press('Enter');
  await eventually(focused, 'composer');
  await eventually(() => ann.see('chat-title').innerText(), 'bob');
});

test('the arrow keys move through the list, which is one stop for Tab', async () => {
  const cy = await Person.registered(browser, server.url, 'cy');
  await cy.chatWith('ann');
  await cy.write('hello');
  await ann.listed('cy').waitFor();
  await press('Escape');
  await eventually(focused, 'conversation');
  const title = () => ann.page.evaluate(() => document.activeElement.dataset.title);
  await press('Home');
  await eventually(title, 'cy');
  await press('ArrowDown');
  await eventually(title, 'bob');
  await press('ArrowUp', 'Enter');
  await eventually(() => ann.see('chat-title').innerText(), 'cy');
  cy.hadNoComplaints();
  await cy.context.close();
});

test('Escape leaves the panels too', async () => {
  await tabTo('new-group', 'Shift+Tab');
  await press('Enter');
  await eventually(focused, 'group-title');
  await press('Escape');
  await eventually(() => ann.see('group-title').count(), 0);
});

test('whatever has the focus shows it', async () => {
  const stops = new Set();
  for (let stop = 0; stop < 12; stop++) {
    await press('Tab');
    const seen = await ann.page.evaluate(() => {
      const element = document.activeElement;
      return element === document.body ? undefined : { name: element.dataset.testid, outline: getComputedStyle(element).outlineStyle };
    });
    if (!seen) continue;
    stops.add(seen.name);
    assert.equal(seen.outline, 'solid', `${seen.name} does not show its focus`);
  }
  assert.ok(stops.size >= 4);
});

test('every control has a name for those who cannot see it', async () => {
  const nameless = await ann.page.locator('button, input, textarea, a, [role=log]').evaluateAll((elements) =>
    elements
      .filter((element) => !(element.getAttribute('aria-label') || element.textContent.trim() || element.labels?.length))
      .map((element) => element.outerHTML)
  );
  assert.deepEqual(nameless, []);
});

test('the browsers had nothing to complain about', () => {
  ann.hadNoComplaints();
  bob.hadNoComplaints();
});
