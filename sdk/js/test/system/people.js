import { Parleyd } from '../../../../tests/browser/parleyd.js';
import { Client, Credentials, register } from '../../dist/index.js';

export const password = 'correct horse battery';

/** A real server and the clients of a test file, which end with it. */
export class Town {
  #clients = [];

  static async start(options) {
    const town = new Town();
    town.server = await Parleyd.start(options);
    return town;
  }

  async stop() {
    this.#clients.forEach((client) => client.close());
    await this.server.stop();
  }

  /** A new user with a connected client that notes its messages. */
  async online(user, options = {}) {
    return this.connected(await register({ url: this.server.url, user, password }), options);
  }

  async connected(session, options = {}) {
    const client = this.client(session, options);
    await client.connect();
    return client;
  }

  client(session, options = {}) {
    const { url } = this.server;
    const token = new Credentials({ url, session });
    const client = new Client({ url, token, device: 'd', backoff: { firstMs: 100, maxMs: 400 }, ...options });
    this.#clients.push(client);
    client.texts = [];
    client.on('message', ({ text }) => client.texts.push(text));
    return client;
  }
}

/** The first event that fits. */
export function event(client, name, fits = () => true) {
  return new Promise((resolve) => {
    const off = client.on(name, (seen) => {
      if (!fits(seen)) return;
      off();
      resolve(seen);
    });
  });
}
