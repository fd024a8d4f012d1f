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
  await ann.chatWith('bob');
  await ann.write('first', 'secnd', 'third');
  await bob.open('ann');
  await bothSee('first', 'secnd', 'third');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function bothSee(...texts) {
  for (const person of [ann, bob]) await eventually(() => person.texts(), texts);
}

/** The reactions to a message, by how often each was given. */
const reactions = (person, text) =>
  person.message(text).getByTestId('reaction').evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.key, Number(one.innerText.split(' ')[1] ?? 1)])));

test('an edit changes the message on both sides and says so', async () => {
  await ann.act('secnd', 'edit');
  assert.equal(await ann.see('composer').inputValue(), 'secnd');
  await ann.see('composer').fill('second');
  await ann.see('composer').press('Enter');
  await bothSee('first', 'second', 'third');
  await eventually(() => bob.message('second').getByTestId('edited').count(), 1);
  assert.equal(await ann.see('composer').inputValue(), '');
});

test('the arrow key brings the last message back to be edited, and Escape lets it be', async () => {
  await ann.see('composer').press('ArrowUp');
  await ann.see('editing').waitFor();
  assert.equal(await ann.see('composer').inputValue(), 'third');
  await ann.see('composer').press('Escape');
  assert.equal(await ann.see('editing').count(), 0);
  assert.equal(await ann.see('composer').inputValue(), '');
  await bothSee('first', 'second', 'third');
});

test('one cannot edit or delete what others wrote', async () => {
  await bob.message('first').hover();
  await bob.message('first').getByTestId('reply').waitFor();
  assert.deepEqual([await bob.see('edit').count(), await bob.see('delete').count()], [0, 0]);
});

test('reactions appear on both sides, are joined, and taken back', async () => {
  await bob.act('first', 'react');
  await bob.see('reaction-choices').locator('[data-key="🎉"]').click();
  for (const person of [ann, bob]) await eventually(() => reactions(person, 'first'), { '🎉': 1 });
  await ann.message('first').getByTestId('reaction').click();
  for (const person of [ann, bob]) await eventually(() => reactions(person, 'first'), { '🎉': 2 });
  await bob.message('first').getByTestId('reaction').click();
  for (const person of [ann, bob]) await eventually(() => reactions(person, 'first'), { '🎉': 1 });
  assert.equal(await ann.message('first').getByTestId('reaction').getAttribute('aria-pressed'), 'true');
});

test('a reply shows what it answers, and a click leads there', async () => {
  await bob.act('first', 'reply');
  await bob.see('replying').waitFor();
  await bob.write('an answer');
  await bothSee('first', 'second', 'third', 'an answer');
  const quote = ann.message('an answer').getByTestId('quote');
  await eventually(async () => (await quote.innerText()).includes('first'), true);
  await quote.click();
  await eventually(() => ann.page.locator('article.flashing').getByTestId('text').innerText().catch(() => ''), 'first');
});

test('a deletion asks first, leaves a mark on both sides, and in what answers it', async () => {
  await ann.act('first', 'delete');
  await ann.see('confirm-no').click();
  await bothSee('first', 'second', 'third', 'an answer');
  await ann.act('first', 'delete');
  await ann.see('confirm-yes').click();
  await bothSee('This message was deleted', 'second', 'third', 'an answer');
  await eventually(async () => (await bob.message('an answer').getByTestId('quote').innerText()).includes('This message was deleted'), true);
});

test('after a reload all changes are there', async () => {
  for (const person of [ann, bob]) await person.page.reload();
  await bothSee('This message was deleted', 'second', 'third', 'an answer');
  assert.equal(await ann.message('second').getByTestId('edited').count(), 1);
});

test('what was changed offline is changed when the network is back, even after a reload', async () => {
  await ann.context.setOffline(true);
  await ann.see('banner').waitFor();
  await ann.act('third', 'react');
  await ann.see('reaction-choices').locator('[data-key="🔥"]').click();
  await ann.act('third', 'edit');
  await ann.see('composer').fill('third, edited offline');
  await ann.see('composer').press('Enter');
  // Kept in the browser's database by then.
  await eventually(() => ann.page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('parley').onsuccess = ({ target }) => {
      target.result.transaction('unsent').objectStore('unsent').count().onsuccess = ({ target }) => resolve(target.result);
    };
  })), 2);
  await ann.context.setOffline(false);
  await ann.page.reload();
  await bothSee('This message was deleted', 'second', 'third, edited offline', 'an answer');
  await eventually(() => reactions(bob, 'third, edited offline'), { '🔥': 1 });
});

test('a draft is there after a look at another chat and after a reload', async () => {
  await ann.see('composer').fill('half a thou');
  await ann.lookAway();
  await eventually(() => ann.listed('bob').getByTestId('preview').innerText(), 'Draft: half a thou');
  await ann.page.reload();
  await ann.open('bob');
  assert.equal(await ann.see('composer').inputValue(), 'half a thou');
  await ann.see('composer').press('Enter');
  await eventually(async () => (await bob.texts()).at(-1), 'half a thou');
});

test('the browsers complained about the network only', async () => {
  const { networkIsAway } = await import('./people.js');
  ann.hadNoComplaints(networkIsAway);
  bob.hadNoComplaints(networkIsAway);
});
