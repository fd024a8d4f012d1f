import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';

// One red pixel.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
const text = { name: 'notes, März.txt', mimeType: 'text/plain', buffer: Buffer.from('what was said') };
let server;
let browser;
let ann;
let bob;
before(async () => {
  server = await Parleyd.start();
  browser = await launch();
  ann = await Person.registered(browser, server.url, 'ann');
  bob = await Person.registered(browser, server.url, 'bob', { acceptDownloads: true });
  await ann.chatWith('bob');
  await ann.write('hello');
  await bob.open('ann');
  await eventually(() => bob.texts(), ['hello']);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const uploads = () => ann.see('upload').evaluateAll((all) => all.map(({ dataset }) => dataset.state));
const width = (person, at = -1) => person.see('picture').nth(at).locator('img').evaluate((image) => image.complete && image.naturalWidth);

test('a picture is shown in place on both sides', async () => {
  await ann.see('file-input').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: png });
  await eventually(uploads, ['done']);
  await ann.see('composer').fill('look');
  await ann.see('composer').press('Enter');
  await eventually(() => bob.texts(), ['hello', 'look']);
  for (const person of [ann, bob]) await eventually(() => width(person), 1);
  assert.equal(await ann.see('tray').count(), 0);
});

test('a picture is shown large, and Escape leads back', async () => {
  await bob.see('picture').click();
  await bob.see('lightbox').waitFor();
  await bob.page.keyboard.press('Escape');
  await bob.see('lightbox').waitFor({ state: 'detached' });
  assert.equal(await bob.see('chat').count(), 1);
});

test('another file is downloaded with its name and content', async () => {
  await ann.see('file-input').setInputFiles(text);
  await eventually(uploads, ['done']);
  await ann.see('send').click();
  await bob.see('file').waitFor();
  const [download] = await Promise.all([bob.page.waitForEvent('download'), bob.see('file').click()]);
  assert.equal(download.suggestedFilename(), text.name);
  assert.equal(await readFile(await download.path(), 'utf8'), 'what was said');
});

test('files are dropped into the chat, several at once', async () => {
  const dropped = await ann.page.evaluateHandle((bytes) => {
    const all = new DataTransfer();
    all.items.add(new File([new Uint8Array(bytes)], 'one.png', { type: 'image/png' }));
    all.items.add(new File(['two'], 'two.txt', { type: 'text/plain' }));
    return all;
  }, [...png]);
  await ann.see('chat').dispatchEvent('dragenter', { dataTransfer: dropped });
  await ann.page.getByText('Drop files to send them').waitFor();
  await ann.see('chat').dispatchEvent('drop', { dataTransfer: dropped });
  await eventually(uploads, ['done', 'done']);
  await ann.see('send').click();
  await eventually(() => bob.see('picture').count(), 2);
  await eventually(() => bob.see('file').count(), 2);
});

test('a picture is pasted', async () => {
  await ann.see('composer').evaluate((field, bytes) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, [...png]);
  await eventually(uploads, ['done']);
  await ann.see('send').click();
  await eventually(() => bob.see('picture').count(), 3);
});

test('a file above 25 MiB is refused before it is sent, and can be taken out', async () => {
  await ann.see('composer').evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], 'huge.bin'));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await eventually(uploads, ['failed']);
  assert.match(await ann.see('upload').innerText(), /25 MiB/);
  assert.equal(await ann.see('send').isDisabled(), true);
  await ann.page.getByLabel('Take huge.bin out').click();
  await eventually(uploads, []);
});

test('a large file arrives whole', async () => {
  await ann.see('composer').evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(20 * 1024 * 1024).fill(7)], 'large.bin'));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await eventually(uploads, ['done']);
  await ann.see('send').click();
  const line = bob.see('file').filter({ hasText: 'large.bin' });
  await line.waitFor();
  const [download] = await Promise.all([bob.page.waitForEvent('download'), line.click()]);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.length, 20 * 1024 * 1024);
  assert.ok(bytes.every((byte) => byte === 7));
});

test('after a reload pictures and files are still there', async () => {
  await bob.page.reload();
  await eventually(() => bob.see('picture').count(), 3);
  await eventually(() => width(bob, 0), 1);
});

test('the browsers had nothing to complain about', () => {
  ann.hadNoComplaints();
  bob.hadNoComplaints();
});
