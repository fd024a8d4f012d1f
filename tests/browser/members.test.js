import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

let server;
let browser;
let ann;
let bob;
let cy;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  bob = await Person.registered(browser, server.url, 'bob');
  cy = await Person.registered(browser, server.url, 'cy');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const roles = (person) => person.see('member').evaluateAll((all) => Object.fromEntries(all.map(({ dataset }) => [dataset.user, dataset.role])));
const member = (person, user) => person.page.locator(`[data-testid=member][data-user="${user}"]`);
const about = async (person) => {
  await person.see('about').click();
  await person.see('details').waitFor();
};

test('members of a new group are chosen by search', async () => {
  await ann.see('new-group').click();
  await ann.see('group-title').fill('Climbing');
  await ann.see('group-member').pressSequentially('bo');
  await ann.page.locator('[data-testid=user-option][data-user=bob]').click();
  await eventually(() => ann.see('chip').allInnerTexts().then((all) => all.map((text) => text.split('\n').at(-1))), ['bob']);
  await ann.see('group-create').click();
  await eventually(() => ann.see('chat-title').innerText(), 'Climbing');
  await bob.listed('Climbing').waitFor();
});

test('a member is added, sees the group, and may read what was written before', async () => {
  await ann.write('before cy');
  await about(ann);
  await ann.see('group-member').fill('cy');
  await ann.see('add-members').click();
  await eventually(() => roles(ann), { ann: 'owner', bob: 'member', cy: 'member' });
  await cy.open('Climbing');
  await eventually(() => cy.texts(), ['before cy']);
  await eventually(() => bob.listed('Climbing').getByTestId('preview').innerText(), 'ann added cy');
});

test('a group is renamed for everybody', async () => {
  await ann.see('rename').click();
  await ann.see('rename-title').fill('Climbing on Thursdays');
  await ann.see('rename-save').click();
  for (const person of [ann, bob, cy]) await person.listed('Climbing on Thursdays').waitFor();
});

test('roles are given, and decide what one may do', async () => {
  await member(ann, 'bob').getByTestId('member-role').selectOption('admin');
  await eventually(async () => (await roles(ann)).bob, 'admin');
  await bob.open('Climbing on Thursdays');
  await about(bob);
  await eventually(() => member(bob, 'cy').getByTestId('member-remove').count(), 1);
  assert.equal(await member(bob, 'ann').getByTestId('member-remove').count(), 0);
  await member(ann, 'cy').getByTestId('member-role').selectOption('reader');
  await cy.see('reader').waitFor();
  await member(ann, 'cy').getByTestId('member-role').selectOption('member');
  await cy.see('composer').waitFor();
});

test('an admin deletes what a member wrote', async () => {
  await cy.write('spam');
  await eventually(async () => (await bob.texts()).at(-1), 'spam');
  await bob.see('details-close').click();
  await bob.act('spam', 'delete');
  await bob.see('confirm-yes').click();
  for (const person of [ann, cy]) await eventually(async () => (await person.texts()).at(-1), 'This message was deleted');
});

test('a name is completed after an @, and who is mentioned sees it', async () => {
  await ann.see('details-close').click();
  await ann.see('composer').pressSequentially('shall we, @c');
  await ann.see('mentions').waitFor();
  await ann.see('composer').press('Enter');
  await eventually(() => ann.see('composer').inputValue(), 'shall we, @cy ');
  await ann.see('composer').pressSequentially('?');
  await ann.see('composer').press('Enter');
  await eventually(() => cy.see('mention').last().innerText(), '@cy');
  assert.match(await cy.see('mention').last().getAttribute('class'), /\bme\b/);
});

test('a muted conversation counts without calling, on both of the user’s devices', async () => {
  const other = await Person.at(browser, server.url, 'cy');
  await other.signIn();
  await about(cy);
  await cy.page.locator('[data-testid=mute][data-for="for 1 hour"]').click();
  await cy.see('muted').waitFor();
  await cy.see('details-close').click();
  await cy.lookAway();
  await ann.write('quiet');
  for (const person of [cy, other]) {
    await eventually(() => person.unread(), { 'Climbing on Thursdays': 1 });
    await eventually(() => person.page.title(), 'Parley');
  }
  await other.context.close();
});

test('a removed member loses the group, and who leaves does too', async () => {
  await about(ann);
  await member(ann, 'cy').getByTestId('member-remove').click();
  await eventually(() => cy.listed('Climbing on Thursdays').count(), 0);
  await eventually(() => roles(ann), { ann: 'owner', bob: 'admin' });
  await about(bob);
  await bob.see('leave').click();
  await bob.see('confirm-yes').click();
  await eventually(() => bob.listed('Climbing on Thursdays').count(), 0);
  await eventually(() => roles(ann), { ann: 'owner' });
  await ann.see('details-close').click();
});

test('the message of a blocked user is refused with a reason, until the block ends', async () => {
  await bob.chatWith('cy');
  await bob.write('hello');
  await cy.open('bob');
  await about(cy);
  await cy.see('block').click();
  await eventually(() => cy.see('block').innerText(), 'Unblock bob');
  await bob.write('are you there?');
  await eventually(async () => (await bob.see('send-failure').innerText()).includes('does not take messages'), true);
  await cy.see('block').click();
  await eventually(() => cy.see('block').innerText(), 'Block bob');
  await bob.see('send-failure').getByText('Try again').click();
  await eventually(() => cy.texts(), ['hello', 'are you there?']);
});

test('the browsers had nothing to complain about', () => {
  for (const person of [ann, bob, cy]) person.hadNoComplaints();
});
