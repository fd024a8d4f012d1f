import { randomUUID } from 'node:crypto';
import { Client } from './client.js';
import { filled } from './placeholders.js';
import { tokenOf } from './token.js';

let scenes = 0;

/**
 * A group with somebody in every role, people outside of it, and a 1:1 of the owner and the member. Its users are new, so
 * scenes know nothing of each other.
 */
export class Scene {
  #server;
  #sightings;
  #number = ++scenes;
  #clients = new Map();
  #known = {};

  static async on(server, sightings) {
    const scene = new Scene();
    scene.#server = server;
    scene.#sightings = sightings;
    await scene.#build();
    return scene;
  }

  id(who) {
    return `${who}-${this.#number}`;
  }

  /** The connected device of somebody. */
  async client(who) {
    if (!this.#clients.has(who)) {
      const client = await Client.open(this.#server, { token: tokenOf(this.id(who)), sightings: this.#sightings });
      await client.takeType('synced');
      this.#clients.set(who, client);
    }
    return this.#clients.get(who);
  }

  /** A connection that has not said who it is. */
  connection() {
    return Client.open(this.#server, { sightings: this.#sightings });
  }

  /** The frame with values of this scene for its placeholders, as `who` would send it. */
  fill(frame, who) {
    return filled(frame, (name) => this.#value(name, who));
  }

  async close() {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  async #value(name, who) {
    if (name in this.#known) return this.#known[name];
    if (name === 'self') return this.id(who);
    if (name === 'user') return this.id('member');
    if (name === 'owner') return this.id(name);
    if (name === 'uuid') return randomUUID();
    if (name === 'nobody') return `nobody-${randomUUID()}`;
    if (name === 'token') return tokenOf(this.id(who));
    if (name === 'foreignToken') return tokenOf(this.id('outsider'));
    // What follows is made when it is first asked for.
    return (this.#known[name] = await this.#make(name, who, await this.client('owner')));
  }

  async #make(name, who, owner) {
    switch (name) {
      case 'outsider':
        await this.client('outsider');
        return this.id('outsider');
      case 'direct':
        return (await owner.must({ type: 'send', to: this.id('member'), text: 'hi' })).conversation;
      case 'next':
        await this.#value('direct');
        return (await owner.must({ type: 'conversations', limit: 1 })).next;
      case 'blocker':
        await (await this.client('blocker')).must({ type: 'block', user: this.id('owner') });
        return this.id('blocker');
      case 'usedClientId': {
        const clientId = randomUUID();
        await owner.must({ type: 'send', conversation: this.#known.conversation, text: 'its own text', clientId });
        return clientId;
      }
      case 'file':
        return this.#upload(who);
      default:
        throw new Error(`there is no placeholder $${name}`);
    }
  }

  async #upload(who) {
    const answer = await fetch(new URL('/v1/files?name=menu.txt', this.#server.url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${tokenOf(this.id(who))}`, 'Content-Type': 'text/plain' },
      body: 'soup',
    });
    if (!answer.ok) throw new Error(`a file was refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).file;
  }

  async #build() {
    const [owner] = await Promise.all(['owner', 'admin', 'member', 'reader'].map((who) => this.client(who)));
    const members = ['admin', 'member', 'reader'].map((who) => this.id(who));
    const { conversation } = await owner.must({ type: 'create', title: 'lunch', members });
    const asked = ['admin', 'reader'].map((role) => owner.must({ type: 'role', conversation, user: this.id(role), role }));
    const [message] = await Promise.all([owner.must({ type: 'send', conversation, text: 'hello' }), ...asked]);
    this.#known = { conversation, seq: message.seq };
  }
}
