import { Client } from '../dist/index.js';
import { ManualClock, settled } from './manual-clock.js';
import { ScriptedServer } from './scripted-server.js';

/** A client on a scripted server and a clock that stands still; it notes every event it emits. */
export async function start({ welcome = {}, connect = true, ...options } = {}) {
  const server = new ScriptedServer();
  const clock = new ManualClock();
  const client = new Client({
    url: 'http://chat.test', token: 'token', device: 'd', transport: 'websocket', WebSocket: server.WebSocket, clock, random: () => 0.5, ...options,
  });
  const seen = {};
  for (const name of ['state', 'entry', 'message', 'member', 'receipt', 'gap', 'lag', 'bye', 'error', 'synced', 'typing']) {
    seen[name] = [];
    client.on(name, (event) => seen[name].push(event));
  }
  if (connect) {
    void client.connect();
    await server.welcome(welcome);
    server.say({ type: 'synced', conversations: 0, unread: {} });
    await settled();
  }
  return { server, clock, client, seen };
}

export const seqs = (entries) => entries.map((entry) => entry.seq);
