import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, networkIsAway, Person } from './people.js';

const names = ['ann', 'bob', 'cy'];
let server;
let browser;
/** Two browsers of everybody, by name. */
const devices = {};
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  for (const name of names) {
    const first = await Person.registered(browser, server.url, name);
    const second = await Person.at(browser, server.url, name);
    await second.signIn();
    devices[name] = [first, second];
  }
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const everywhere = () => Object.values(devices).flat();

test('two people see one conversation on two devices each', async () => {
  const [ann, annToo] = devices.ann;
  const [bob, bobToo] = devices.bob;
  await ann.chatWith('bob');
  await ann.write('from the first');
  await annToo.open('bob');
  await annToo.write('from the second');
  for (const device of [bob, bobToo]) {
    await device.open('ann');
    await eventually(() => device.texts(), ['from the first', 'from the second']);
  }
  await bobToo.write('an answer');
  for (const device of [ann, annToo, bob, bobToo]) await eventually(() => device.texts(), ['from the first', 'from the second', 'an answer']);
  for (const device of [ann, annToo]) await eventually(() => device.ticks(), ['read', 'read']);
});

test('a group of three sees one order on all six devices', async () => {
  const [ann] = devices.ann;
  await ann.see('new-group').click();
  await ann.see('group-title').fill('Three');
  await ann.see('group-member').fill('bob cy');
  await ann.see('group-create').click();
  for (const device of everywhere()) await device.open('Three');
  await Promise.all(everywhere().map((device, at) => device.write(`${device.name} on ${at} one`, `${device.name} on ${at} two`)));
  for (const device of everywhere()) await eventually(async () => (await device.texts()).length, 12);
  const order = await ann.texts();
  for (const device of everywhere()) await eventually(() => device.texts(), order);
  for (const device of everywhere()) await eventually(async () => new Set(await device.ticks()), new Set(['read']));
});

test('reading on one device clears the other', async () => {
  const [bob, bobToo] = devices.bob;
  await bob.lookAway();
  await bobToo.lookAway();
  await devices.cy[0].write('news');
  for (const device of [bob, bobToo]) await eventually(() => device.unread(), { Three: 1 });
  await bobToo.open('Three');
  for (const device of [bob, bobToo]) await eventually(() => device.unread(), {});
  await bob.open('Three');
});

test('a device that was offline catches up: messages, changes and what was read elsewhere', async () => {
  const [ann] = devices.ann;
  const [, cyToo] = devices.cy;
  await cyToo.context.setOffline(true);
  await cyToo.see('banner').waitFor();
  const before = await ann.texts();
  await ann.write('while cy was away 1', 'while cy was away 2');
  await ann.act('while cy was away 1', 'edit');
  await ann.see('composer').fill('while cy was away, edited');
  await ann.see('composer').press('Enter');
  await devices.bob[0].act('news', 'react');
  await devices.bob[0].see('reaction-choices').locator('[data-key="👍"]').click();
  const after = [...before, 'while cy was away, edited', 'while cy was away 2'];
  await eventually(() => devices.cy[0].texts(), after);
  await cyToo.context.setOffline(false);
  await eventually(() => cyToo.texts(), after);
  await eventually(() => cyToo.message('news').getByTestId('reaction').count(), 1);
  await eventually(() => cyToo.unread(), {});
});

test('a device lists the others and signs one out', async () => {
  const [bob, bobToo] = devices.bob;
  await bob.see('open-settings').click();
  await eventually(() => bob.see('device').count(), 2);
  const other = bob.page.locator('[data-testid=device][data-current=false]');
  await other.getByTestId('revoke').click();
  await bob.see('confirm-yes').click();
  await bobToo.see('signed-out').waitFor();
  await eventually(() => bob.see('device').count(), 1);
  await bobToo.signIn();
  await eventually(() => bobToo.listed('Three').count(), 1);
});

test('a display name is kept', async () => {
  const [bob] = devices.bob;
  await bob.see('display-name').fill('Bob the Builder');
  await bob.see('display-name-save').click();
  await bob.page.getByText('Saved.').waitFor();
  await bob.page.reload();
  await eventually(() => bob.see('display-name').inputValue(), 'Bob the Builder');
});

test('the browsers complained about the network only', () => {
  assert.equal(everywhere().length, 6);
  for (const device of everywhere()) device.hadNoComplaints(networkIsAway);
});
