import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { eventually } from './eventually.js';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const password = 'correct horse battery';

/** Starts a Chromium for the tests of one file, with `environment` on top of that of this process. */
export function launch(environment = {}) {
  const env = { ...process.env, ...environment };
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags, env });
}

/** Somebody at a browser of their own. `complaints` is what the browser found wrong with the page. */
export class Person {
  complaints = [];

  static async at(browser, url, name, options = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({ viewport: { width: 1100, height: 760 }, locale: 'en-GB', ...options });
    person.context.setDefaultTimeout(15_000);
    person.page = await person.context.newPage();
    person.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') person.complaints.push(message.text());
    });
    person.page.on('pageerror', (error) => person.complaints.push(String(error)));
    await person.page.goto(url);
    return person;
  }

  /** Opens a browser and makes an account. */
  static async registered(browser, url, name, options) {
    const person = await Person.at(browser, url, name, options);
    await person.register();
    return person;
  }

  async register() {
    await this.see('sign-in-switch').click();
    await this.signIn();
  }

  async signIn(secret = password) {
    await this.see('sign-in-user').fill(this.name);
    await this.see('sign-in-password').fill(secret);
    await this.see('sign-in-submit').click();
    await this.page.locator('[data-testid=conversations][data-loaded=true]').waitFor();
  }

  see(testId) {
    return this.page.getByTestId(testId);
  }

  async chatWith(user) {
    await this.see('new-chat').click();
    await this.see('new-chat-user').fill(user);
    await this.see('new-chat-start').click();
    await eventually(() => this.see('chat-title').innerText(), user);
  }

  async open(title) {
    await this.listed(title).click();
    await eventually(() => this.see('chat-title').innerText(), title);
    await this.page.locator('[data-testid=messages][data-loaded=true]').waitFor();
  }

  async write(...texts) {
    for (const text of texts) {
      await this.see('composer').fill(text);
      await this.see('composer').press('Enter');
    }
  }

  /** The texts in the open chat that are drawn: those in view and some around them. */
  texts() {
    return this.see('text').allInnerTexts();
  }

  /** The message with this text in the open chat. */
  message(text) {
    return this.see('message').filter({ has: this.page.getByTestId('text').getByText(text, { exact: true }) });
  }

  /** Uses one of the buttons that a message shows when it is pointed at. */
  async act(text, button) {
    await this.message(text).hover();
    await this.message(text).getByTestId(button).click();
  }

  /** Closes the chat that is open. */
  async lookAway() {
    await this.see('composer').press('Escape');
    await eventually(() => this.see('chat').count(), 0);
  }

  /** The ticks of the own messages in the open chat. */
  async ticks() {
    return this.see('tick').evaluateAll((marks) => marks.map((mark) => mark.dataset.tick));
  }

  listed(title) {
    return this.page.locator(`[data-testid=conversation][data-title="${title}"]`);
  }

  /** Unread counts by conversation, for those that have any. */
  async unread() {
    return this.see('conversation').evaluateAll((items) =>
      Object.fromEntries(
        items
          .map((item) => [item.dataset.title, Number(item.querySelector('[data-testid=unread] [aria-hidden]')?.textContent ?? 0)])
          .filter(([, count]) => count > 0)
      )
    );
  }

  /** Fails if the browser complained, except about what the test did to it on purpose. */
  hadNoComplaints(...expected) {
    const left = this.complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(left, [], `the browser of ${this.name} complained`);
  }
}

/** What a browser says when the network or the server is away. */
export const networkIsAway = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_NETWORK_CHANGED|WebSocket connection to .* failed/;
