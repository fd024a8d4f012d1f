// Takes the pictures in docs/images: `npm run screenshots`. A real server and real browsers have the conversations of
// story.js in about a minute; on their way to the browser that is photographed, the times become those of the story.
//
// The pictures need a font that looks like that of a desktop, and emoji: on Debian, fonts-inter and fonts-noto-color-emoji.

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { Parleyd } from './parleyd.js';
import { launch, Person } from './people.js';
import { chapters, groups, momentOf, now, people, timezone } from './story.js';

const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const bytesMax = 200_000;
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

// Otherwise the font of the system is whatever the machine happens to have.
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <test name="family"><string>sans-serif</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit>
  </match>
</fontconfig>`;

/** When the story has it that an entry was made: messages by their text, the beginnings of groups by their id. */
const moments = new Map(chapters.flatMap(({ lines = [] }) => lines.map(([when, , text]) => [text, momentOf(when)])));
const present = new Map();

const settings = await mkdtemp(join(tmpdir(), 'parley-fonts-'));
await writeFile(join(settings, 'fonts.conf'), fontSettings);
const server = await Parleyd.start({ settings: ['limits.register_rate=0', 'limits.login_rate=0'] });
const browser = await launch({ FONTCONFIG_FILE: join(settings, 'fonts.conf') });
try {
  await photographSignIn();
  for (const name of people) present.set(name, await Person.registered(browser, server.url, name));
  for (const title of Object.keys(groups)) await begin(title);
  for (const chapter of chapters) await happen(chapter);
  await photographChat('chat-light', 'Lake weekend ☀️', { ...desktop, colorScheme: 'light' });
  await photographChat('chat-dark', 'Jonas', { ...desktop, colorScheme: 'dark' });
  await photographChat('chat-phone', 'Leila', { ...phone, colorScheme: 'light' });
} finally {
  await browser.close();
  await server.stop();
  await rm(settings, { recursive: true });
}

/** The first member makes the group, two minutes before its first message. */
async function begin(title) {
  const [founder, ...others] = groups[title];
  const person = present.get(founder);
  await person.see('new-group').click();
  await person.see('group-title').fill(title);
  await person.see('group-member').fill(others.join(' '));
  await person.see('group-create').click();
  await eventually(() => person.see('chat-title').innerText(), title);
  const conversation = new URL(person.page.url()).hash.split('/').at(-1);
  const [[first]] = chapters.find(({ chat }) => chat === title).lines;
  moments.set(`${conversation}:1`, momentOf(first) - 120_000);
  await lookAway(person);
}

async function happen({ leaves, chat, lines = [], reactions = [], readBy = [] }) {
  if (leaves) {
    await present.get(leaves).context.close();
    present.delete(leaves);
    return;
  }
  // With everybody here, a message comes as far as to them all.
  const unsettled = present.size === people.length ? ['queued', 'sent'] : ['queued'];
  for (const [, author, text, replyTo] of lines) {
    const person = present.get(author);
    await look(person, chat);
    if (replyTo) await person.act(replyTo, 'reply');
    await person.write(text);
    await eventually(async () => (await person.ticks()).filter((tick) => unsettled.includes(tick)), []);
  }
  for (const [author, text, key] of reactions) {
    const person = present.get(author);
    await look(person, chat);
    await person.act(text, 'react');
    await person.see('reaction-choices').locator(`[data-key="${key}"]`).click();
    await eventually(() => person.message(text).locator(`[data-testid=reaction][data-key="${key}"][aria-pressed=true]`).count(), 1);
  }
  for (const reader of readBy) {
    await look(present.get(reader), chat);
    await eventually(async () => (await present.get(reader).unread())[titleFor(reader, chat)], undefined);
  }
  for (const name of new Set([...readBy, ...lines.map(([, author]) => author), ...reactions.map(([author]) => author)])) await lookAway(present.get(name));
}

async function look(person, chat) {
  const title = titleFor(person.name, chat);
  if ((await person.see('chat-title').count()) > 0 && (await person.see('chat-title').innerText()) === title) return;
  if (Array.isArray(chat) && (await person.listed(title).count()) === 0) await person.chatWith(title);
  else await person.open(title);
}

async function lookAway(person) {
  await person.page.keyboard.press('Escape');
  await eventually(() => person.see('chat').count(), 0);
}

function titleFor(user, chat) {
  return Array.isArray(chat) ? chat.find((name) => name !== user) : chat;
}

async function photographSignIn() {
  const visitor = await Person.at(browser, server.url, 'nobody yet', { ...desktop, colorScheme: 'light' });
  await save(visitor, 'sign-in-light');
}

/** Mira opens a chat in another browser, which is told the time of the story. */
async function photographChat(name, title, options) {
  // Who has allowed notifications is not asked for them.
  const mira = await Person.at(browser, 'about:blank', 'Mira', { ...options, timezoneId: timezone, permissions: ['notifications'] });
  await mira.page.clock.setFixedTime(now);
  await mira.context.routeWebSocket(/\/connect/, (socket) => {
    const upstream = socket.connectToServer();
    upstream.onMessage((frame) => socket.send(atItsMoment(frame)));
  });
  await mira.page.goto(server.url);
  await mira.signIn();
  await mira.open(title);
  // The members, and with them the ticks, come after the messages.
  await eventually(async () => (await mira.ticks())[0], 'read');
  await save(mira, name);
}

function atItsMoment(frame) {
  return JSON.stringify(JSON.parse(frame, (_, value) => {
    const moment = value?.ts && (moments.get(value.text) ?? moments.get(value.id));
    return moment ? { ...value, ts: moment } : value;
  }));
}

async function save(person, name) {
  const path = join(folder, `${name}.png`);
  await person.page.screenshot({ path, caret: 'hide', animations: 'disabled' });
  const { size } = await stat(path);
  if (size > bytesMax) throw new Error(`${path} has ${size} bytes, more than ${bytesMax}`);
  person.hadNoComplaints();
  await person.context.close();
}
