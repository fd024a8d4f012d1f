import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

let server;
let browser;
const people = {};
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  for (const name of ['ann', 'bob', 'cy']) people[name] = await Person.registered(browser, server.url, name);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a group appears at all its members', async () => {
  const { ann, bob, cy } = people;
  await ann.see('new-group').click();
  await ann.see('group-title').fill('Climbing');
  await ann.see('group-member').fill('bob');
  await ann.see('group-member').press('Enter');
  await ann.see('group-member').fill('cy');
  await ann.see('group-create').click();
  await eventually(() => ann.see('chat-title').innerText(), 'Climbing');
  await eventually(() => ann.see('event').allInnerTexts(), ['You created the group']);
  for (const person of [bob, cy]) await person.listed('Climbing').waitFor();
  await eventually(() => ann.see('chat-status').innerText(), 'bob, cy, you');
});

test('a message is delivered when all have it and read when all have read it', async () => {
  const { ann, bob, cy } = people;
  await ann.write('Thursday?');
  await eventually(() => ann.ticks(), ['delivered']);
  await bob.open('Climbing');
  await eventually(() => bob.texts(), ['Thursday?']);
  await eventually(() => bob.unread(), {});
  await eventually(() => ann.ticks(), ['delivered']);
  await cy.open('Climbing');
  await eventually(() => ann.ticks(), ['read']);
});

test('three people write at once and see one order, with names', async () => {
  const { ann, bob, cy } = people;
  const numbers = [1, 2, 3, 4, 5];
  await Promise.all(Object.values(people).map((person) => person.write(...numbers.map((number) => `${person.name} ${number}`))));
  for (const person of Object.values(people)) await eventually(async () => (await person.texts()).length, 16);
  const order = await ann.texts();
  for (const person of [bob, cy]) await eventually(() => person.texts(), order);
  for (const person of Object.values(people)) {
    await eventually(async () => order.filter((text) => text.startsWith(person.name)), numbers.map((number) => `${person.name} ${number}`));
    await eventually(async () => new Set(await person.ticks()), new Set(['read']));
  }
  await eventually(async () => new Set(await bob.see('author').allInnerTexts()), new Set(['ann', 'cy']));
});

test('a group with an unknown member is refused with a reason', async () => {
  const { ann } = people;
  await ann.see('new-group').click();
  await ann.see('group-title').fill('Ghosts');
  await ann.see('group-member').fill('nobody-at-all');
  await ann.see('group-create').click();
  await ann.see('group-failure').waitFor();
  await ann.see('panel-back').click();
});

test('the browsers had nothing to complain about', () => {
  for (const person of Object.values(people)) person.hadNoComplaints();
});
