import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, networkIsAway, Person } from './people.js';

// A browser writes every answer of 400 and above to its console.
const refusal = /Failed to load resource: the server responded with a status of 4\d\d/;
let server;
let browser;
let ann;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a wrong password and a taken name are explained', async () => {
  const other = await Person.at(browser, server.url, 'ann');
  await other.see('sign-in-user').fill('ann');
  await other.see('sign-in-password').fill('not the password');
  await other.see('sign-in-submit').click();
  await eventually(() => other.see('sign-in-failure').innerText(), 'User name and password do not match.');
  await other.see('sign-in-switch').click();
  await other.see('sign-in-password').fill('some other password');
  await other.see('sign-in-submit').click();
  await eventually(() => other.see('sign-in-failure').innerText(), 'This user name is taken.');
  other.hadNoComplaints(refusal);
  await other.context.close();
});

test('a message to a user who does not exist says so, and can be taken back', async () => {
  await ann.chatWith('nobody');
  await ann.write('anybody there?');
  await ann.see('send-failure').getByText('There is no user called nobody').waitFor();
  assert.deepEqual(await ann.ticks(), ['failed']);
  await ann.see('send-failure').getByText('Discard').click();
  await eventually(() => ann.texts(), []);
  await ann.see('composer').press('Escape');
});

test('a reload and a second tab stay signed in', async () => {
  await ann.page.reload();
  await ann.page.locator('[data-testid=conversations][data-loaded=true]').waitFor();
  const tab = await ann.context.newPage();
  await tab.goto(server.url);
  await eventually(() => tab.getByTestId('me').innerText(), 'ann');
  await tab.close();
});

test('logging out forgets the session, in every tab, and one can log in again', async () => {
  const tab = await ann.context.newPage();
  await tab.goto(server.url);
  await tab.getByTestId('me').waitFor();
  await ann.see('open-settings').click();
  await ann.see('log-out').click();
  await ann.see('sign-in').waitFor();
  await tab.getByTestId('sign-in').waitFor();
  await tab.close();
  assert.deepEqual(await ann.page.evaluate(() => Object.keys(localStorage)), []);
  await ann.page.reload();
  await ann.signIn();
  await eventually(() => ann.see('me').innerText(), 'ann');
});

test('logging out asks before it throws unsent messages away', async () => {
  const bob = await Person.registered(browser, server.url, 'bob');
  await bob.chatWith('ann');
  await bob.context.setOffline(true);
  await bob.see('banner').waitFor();
  await bob.write('unsent');
  await bob.see('open-settings').click();
  await bob.see('log-out').click();
  await bob.see('stay').click();
  await eventually(() => bob.texts(), ['unsent']);
  await bob.see('log-out').click();
  await bob.see('log-out-anyway').click();
  await bob.see('sign-in').waitFor();
  bob.hadNoComplaints(networkIsAway);
  await bob.context.close();
});

test('on a phone the list and the chat are screens of their own', async () => {
  const cy = await Person.registered(browser, server.url, 'cy', { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true });
  await cy.chatWith('ann');
  assert.equal(await cy.see('conversations').isVisible(), false);
  await cy.write('from my phone');
  await eventually(() => cy.texts(), ['from my phone']);
  await cy.see('back').click();
  assert.equal(await cy.see('chat').count(), 0);
  await cy.listed('ann').click();
  await eventually(() => cy.texts(), ['from my phone']);
  await cy.page.goBack();
  await cy.listed('ann').waitFor();
  const width = await cy.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 390, 'nothing is wider than the screen');
  cy.hadNoComplaints();
  await cy.context.close();
});

test('the browser complained about refusals only', () => {
  ann.hadNoComplaints(refusal);
});
