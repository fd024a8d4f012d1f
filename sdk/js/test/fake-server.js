import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/**
 * A small Parley in memory, on real sockets: accounts, sends with de-duplication, receipts, groups, history,
 * replay. It trusts everybody; what it is for is the client on the other side.
 */
export class FakeServer {
  users = new Set();
  conversations = new Map();
  sessions = new Set();
  #cursors = new Map();
  #http;
  #sockets;

  /** `serve` answers HTTP requests that are not Parley's. */
  async listen({ port = 0, serve = (request, response) => response.writeHead(404).end() } = {}) {
    this.#http = createServer((request, response) => {
      if (request.url.startsWith('/v1/')) void this.#account(request, response);
      else serve(request, response);
    });
    this.#sockets = new WebSocketServer({ server: this.#http, path: '/connect' });
    this.#sockets.on('connection', (socket, request) => this.#connected(socket, new URL(request.url, 'http://x')));
    await new Promise((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#http.address().port}`;
    return this;
  }

  /** Ends every connection the hard way. */
  cut() {
    for (const { socket } of this.sessions) socket.terminate();
  }

  async close() {
    this.cut();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #account(request, response) {
    const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    let text = '';
    for await (const part of request) text += part;
    const { user, password, refreshToken } = JSON.parse(text || '{}');
    const name = user ?? refreshToken?.split(' ')[0];
    if (request.url.startsWith('/v1/users/')) {
      const asked = decodeURIComponent(request.url.slice('/v1/users/'.length));
      if (!this.users.has(asked)) return answer(404, { type: 'error', code: 'not_found', retry: 'no', message: 'no such user' });
      return answer(200, { user: asked, name: asked });
    }
    if (request.url === '/v1/register') {
      if (this.users.has(name)) return answer(409, { type: 'error', code: 'conflict', retry: 'no', message: 'this name is taken', field: 'user' });
      if (password.length < 8) return answer(400, { type: 'error', code: 'invalid_argument', retry: 'no', message: 'a password has 8 to 128 characters', field: 'password' });
      this.users.add(name);
    } else if (!this.users.has(name)) {
      return answer(401, { type: 'error', code: 'unauthenticated', retry: 'reauth', message: 'wrong user or password' });
    }
    answer(200, { user: name, token: name, refreshToken: `${name} ${randomUUID()}`, expiresAt: Date.now() + 3_600_000 });
  }

  #connected(socket, url) {
    const session = { socket, user: undefined, device: url.searchParams.get('device') ?? 'default', s: 0 };
    const say = (frame) => socket.send(JSON.stringify(frame));
    socket.on('close', () => this.sessions.delete(session));
    socket.on('error', () => {});
    socket.on('message', (text) => {
      const frame = JSON.parse(text);
      if (frame.type === 'auth' && !session.user) this.#welcome(session, say, frame.token, url);
      else if (frame.type === 'ping') say({ type: 'pong', serverTime: Date.now() });
      else this.#request(session, frame, (reply) => say({ ...reply, ref: frame.ref }));
    });
  }

  #welcome(session, say, user, url) {
    this.users.add(user);
    session.user = user;
    say({
      type: 'welcome', user, device: session.device, session: `s-${randomUUID()}`, resumeKey: randomUUID(), resumed: false,
      node: 'fake', serverTime: Date.now(), heartbeatMs: 25_000, resumeWindowMs: 120_000,
      limits: { frame: 65_536, text: 16_384, inFlight: 32 }, version: '1.0',
    });
    const unread = {};
    let replayed = 0;
    for (const conversation of this.#of(user)) {
      const cursor = this.#cursors.get(`${user}/${session.device}/${conversation.id}`) ?? conversation.members.get(user).delivered;
      const missed = url.searchParams.get('replay') === 'none' ? [] : conversation.log.slice(cursor);
      for (const entry of missed) this.#push(session, this.#seenBy(user, entry));
      if (missed.length > 0) replayed++;
      const count = this.#unread(conversation, user);
      if (count > 0) unread[conversation.id] = count;
    }
    say({ type: 'synced', conversations: replayed, unread });
    this.sessions.add(session);
  }

  #request(session, frame, reply) {
    const { user } = session;
    const conversation = this.conversations.get(frame.conversation);
    const refuse = (code, message) => reply({ type: 'error', code, message, retry: 'no' });
    const ack = (entry, duplicate) => reply({ type: 'ack', clientId: frame.clientId, conversation: entry.conversation, seq: entry.seq, id: entry.id, ts: entry.ts, duplicate });
    if (frame.conversation && !conversation?.members.has(user)) return refuse('not_found', 'no such conversation');
    switch (frame.type) {
      case 'send': {
        if (frame.to && !this.users.has(frame.to)) return refuse('not_found', `there is no user ${frame.to}`);
        const where = conversation ?? this.#direct(user, frame.to);
        const known = where.log.find((entry) => entry.from === user && frame.clientId && entry.clientId === frame.clientId);
        if (known) return ack(known, true);
        const { ref, to, type, ...content } = frame;
        const entry = this.#append(where, { type: 'message', from: user, ...content });
        ack(entry, false);
        return this.#fanOut(where, entry);
      }
      case 'create': {
        const stranger = frame.members.find((member) => !this.users.has(member));
        if (stranger) return refuse('not_found', `there is no user ${stranger}`);
        const group = this.#make(randomUUID(), 'group', [user, ...frame.members], frame.title);
        group.members.get(user).role = 'owner';
        const entry = this.#append(group, { type: 'member', action: 'create', from: user, users: [user, ...frame.members] });
        reply({ type: 'conversation', ...this.#item(group, user) });
        return this.#fanOut(group, entry);
      }
      case 'conversations': {
        const items = this.#of(user).map((mine) => this.#item(mine, user));
        return reply({ type: 'conversations', items: items.sort((a, b) => b.last.ts - a.last.ts) });
      }
      case 'conversation':
        return reply({ type: 'conversation', ...this.#item(conversation, user) });
      case 'members':
        return reply({ type: 'members', items: [...conversation.members].map(([name, member]) => ({ user: name, ...member })) });
      case 'history': {
        const { log } = conversation;
        const limit = frame.limit ?? 50;
        const from = frame.after ?? Math.max(0, (frame.before ?? log.length + 1) - 1 - limit);
        const to = frame.after !== undefined ? from + limit : (frame.before ?? log.length + 1) - 1;
        const items = log.slice(from, to).map((entry) => this.#seenBy(user, entry));
        const more = frame.after !== undefined ? to < log.length : from > 0;
        return reply({ type: 'history', conversation: conversation.id, items, head: log.length, more });
      }
      case 'received':
      case 'read':
        for (const position of frame.positions ?? [frame]) this.#moved(session, frame.type, position);
        return frame.ref && reply({ type: 'ack' });
      case 'typing':
        for (const other of this.sessions) {
          if (other.user !== user && conversation.members.has(other.user)) other.socket.send(JSON.stringify({ type: 'typing', conversation: conversation.id, user, on: frame.on, ttlMs: 6000 }));
        }
        return;
      case 'presence':
        for (const watched of frame.subscribe ?? []) {
          const online = [...this.sessions].some((other) => other.user === watched);
          session.socket.send(JSON.stringify({ type: 'presence', user: watched, status: online ? 'online' : 'offline', lastSeen: Date.now() }));
        }
        return;
      default:
        return refuse('unknown_type', `unknown type ${frame.type}`);
    }
  }

  #moved(session, kind, { conversation: id, seq }) {
    const { user } = session;
    const conversation = this.conversations.get(id);
    const member = conversation.members.get(user);
    const cursor = `${user}/${session.device}/${id}`;
    this.#cursors.set(cursor, Math.max(this.#cursors.get(cursor) ?? 0, seq));
    const before = { ...member };
    member.delivered = Math.max(member.delivered, seq);
    if (kind === 'read') member.read = Math.max(member.read, seq);
    const status = member.read > before.read ? 'read' : member.delivered > before.delivered ? 'delivered' : undefined;
    if (!status) return;
    const receipt = { type: 'receipt', conversation: id, seq, messageId: `${id}:${seq}`, user, status, ts: Date.now() };
    for (const other of this.sessions) {
      const mine = other.user === user;
      if (conversation.members.has(other.user) && other !== session && (!mine || status === 'read')) this.#push(other, receipt);
    }
  }

  #direct(one, other) {
    const id = `direct-${[one, other].sort().join('-')}`;
    return this.conversations.get(id) ?? this.#make(id, 'direct', [one, other]);
  }

  #make(id, kind, users, title) {
    const members = new Map(users.map((user) => [user, { role: 'member', delivered: 0, read: 0 }]));
    const made = { id, kind, title, members, log: [], createdAt: Date.now() };
    this.conversations.set(id, made);
    return made;
  }

  #append(conversation, fields) {
    const seq = conversation.log.length + 1;
    const entry = { conversation: conversation.id, seq, id: `${conversation.id}:${seq}`, ts: Date.now(), ...fields };
    conversation.log.push(entry);
    const author = conversation.members.get(entry.from);
    author.read = author.delivered = seq;
    return entry;
  }

  #fanOut(conversation, entry) {
    for (const session of this.sessions) {
      if (conversation.members.has(session.user)) this.#push(session, this.#seenBy(session.user, entry));
    }
  }

  #push(session, frame) {
    session.socket.send(JSON.stringify({ ...frame, s: ++session.s }));
  }

  #seenBy(user, { clientId, ...entry }) {
    return entry.from === user ? { ...entry, clientId } : entry;
  }

  #of(user) {
    return [...this.conversations.values()].filter((conversation) => conversation.members.has(user));
  }

  #unread({ log, members }, user) {
    return log.filter((entry) => entry.type === 'message' && entry.from !== user && !entry.silent && entry.seq > members.get(user).read).length;
  }

  #item(conversation, user) {
    const { id, kind, title, members, log, createdAt } = conversation;
    const peer = kind === 'direct' ? [...members.keys()].find((member) => member !== user) : undefined;
    return {
      conversation: id, kind, title, members: members.size, peer, ...members.get(user), head: log.length,
      unread: this.#unread(conversation, user), last: this.#seenBy(user, log.at(-1)), mode: 'push', createdAt,
    };
  }
}
