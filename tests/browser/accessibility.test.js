import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const schemes = ['light', 'dark'];
let server;
let browser;
let bob;
/** Ann at a browser for each colour scheme. */
const views = {};
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  bob = await Person.registered(browser, server.url, 'bob');
  // The policy of the page keeps out what the test brings along; it is not what is looked at here.
  for (const colorScheme of schemes) views[colorScheme] = await Person.at(browser, server.url, 'ann', { colorScheme, bypassCSP: true });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Fails with what axe finds to be serious or critical. */
async function accessible(person, what) {
  // Things fade in; colours are looked at when that is over.
  await person.page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => {}))));
  if (!(await person.page.evaluate(() => 'axe' in window))) await person.page.addScriptTag({ path: axe });
  const { violations } = await person.page.evaluate(() => window.axe.run());
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${what}: ${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary.split('\n')[1]}`).join(' | ')}`), []);
}

async function inBoth(what, go = async () => {}) {
  for (const scheme of schemes) {
    await go(views[scheme], scheme);
    await accessible(views[scheme], `${what}, ${scheme}`);
  }
}

test('signing in', () => inBoth('sign in', async (ann) => ann.see('sign-in').waitFor()));

test('an empty list', async () => {
  await views.light.register();
  await views.dark.signIn();
  await inBoth('empty list');
});

test('a chat with all that messages can have', async () => {
  const [ann] = [views.light];
  await ann.see('new-group').click();
  await ann.see('group-title').fill('Climbing');
  await ann.see('group-member').fill('bob');
  await ann.see('group-create').click();
  await ann.write('Thursday, @bob?', 'see https://example.org', 'gone');
  await bob.open('Climbing');
  await bob.act('Thursday, @bob?', 'reply');
  await bob.write('yes @ann');
  await bob.act('see https://example.org', 'react');
  await bob.see('reaction-choices').locator('[data-key="🎉"]').click();
  await bob.see('file-input').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
  await bob.page.locator('[data-testid=upload][data-state=done]').waitFor();
  await bob.see('send').click();
  await ann.act('gone', 'delete');
  await ann.see('confirm-yes').click();
  await inBoth('chat', async (person) => {
    await person.open('Climbing');
    await eventually(() => person.see('file').count(), 1);
    await person.message('see https://example.org').hover();
  });
});

test('reacting, and a reply being written with a file', () =>
  inBoth('composer', async (person) => {
    await person.act('yes @ann', 'react');
    await accessible(person, 'reactions');
    await person.see('reaction-choices').press('Escape');
    await person.act('yes @ann', 'reply');
    await person.see('file-input').setInputFiles({ name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
    await person.see('composer').pressSequentially('@b');
    await person.see('mentions').waitFor();
  }));

test('the details of a group', () =>
  inBoth('details', async (person) => {
    await person.see('about').click();
    await person.see('member').first().waitFor();
  }));

test('a question before something is deleted', () =>
  inBoth('confirm', async (person) => {
    await person.see('leave').click();
    await person.see('confirm').waitFor();
  }));

test('search with results', () =>
  inBoth('search', async (person) => {
    await person.see('confirm-no').click();
    await person.see('details-close').click();
    await person.page.goto(`${server.url}/#/search`);
    await person.see('search-field').fill('thursday');
    await person.see('result').waitFor();
  }));

test('settings with devices', () =>
  inBoth('settings', async (person) => {
    await person.page.goto(`${server.url}/#/settings`);
    await person.see('device').first().waitFor();
  }));

test('a new group being put together', () =>
  inBoth('new group', async (person) => {
    await person.page.goto(`${server.url}/#/new-group`);
    await person.see('group-member').fill('cy');
    await person.see('group-member').press('Enter');
    await person.see('group-member').pressSequentially('bo');
    await person.see('user-option').first().waitFor();
  }));

test('a message is reached, answered and reacted to without a mouse', async () => {
  const { light: ann } = views;
  await ann.page.goto(`${server.url}/#/`);
  await ann.open('Climbing');
  const press = async (...keys) => {
    for (const key of keys) await ann.page.keyboard.press(key);
  };
  await ann.see('messages').focus();
  await press('ArrowUp', 'ArrowUp');
  await eventually(() => ann.page.evaluate(() => document.activeElement.querySelector('[data-testid=text]')?.innerText), 'yes @ann');
  await press('Tab', 'Tab', 'Enter');
  await ann.see('reaction-choices').waitFor();
  await press('ArrowRight', 'Enter');
  await eventually(() => ann.message('yes @ann').getByTestId('reaction').getAttribute('data-key').catch(() => ''), '❤️');
});
