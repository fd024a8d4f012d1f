import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileBytesMax, Rest } from '../dist/index.js';

/** A `Rest` whose server is the function `answer`; `asked` is what it was asked. */
function start(answer = () => ({}), tokens = { token: async () => 'token' }) {
  const asked = [];
  const fetch = async (url, { method = 'GET', headers, body }) => {
    const { pathname, search } = new URL(url);
    asked.push({ method, path: pathname + search, token: headers.authorization, type: headers['content-type'], body });
    const { status = 200, ...fields } = answer(asked.at(-1));
    return new Response(JSON.stringify(fields), { status });
  };
  return { asked, rest: new Rest({ url: 'http://chat.test', tokens, fetch }) };
}

test('rest: profiles, users and devices are asked for with the token', async () => {
  const { rest, asked } = start(() => ({ items: [{ user: 'bob', device: 'd' }] }));
  await rest.me();
  await rest.rename('Ann');
  assert.equal((await rest.users('bo b'))[0].user, 'bob');
  assert.equal((await rest.devices())[0].device, 'd');
  await rest.revoke('d/1');
  await rest.setPush('d', { kind: 'webhook', url: 'https://example.org' });
  assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`), [
    'GET /v1/me', 'PATCH /v1/me', 'GET /v1/users?q=bo+b', 'GET /v1/devices', 'DELETE /v1/devices/d%2F1', 'PUT /v1/devices/d',
  ]);
  assert.ok(asked.every(({ token }) => token === 'Bearer token'));
});

test('rest: conversations and messages have the fields of their frames', async () => {
  const { rest, asked } = start();
  await rest.conversations({ limit: 10 });
  await rest.history('c', { around: 7, limit: 3 });
  await rest.send({ to: 'bob', text: 'hi' }, { clientId: 'id' });
  await rest.send({ conversation: 'c', text: 'hi' });
  assert.deepEqual(asked.map(({ path }) => path), [
    '/v1/conversations?limit=10', '/v1/conversations/c/messages?around=7&limit=3', '/v1/messages', '/v1/conversations/c/messages',
  ]);
  assert.deepEqual(JSON.parse(asked[2].body), { to: 'bob', text: 'hi', clientId: 'id' });
  assert.ok(JSON.parse(asked[3].body).clientId);
});

test('rest: a refused token is replaced once', async () => {
  const tokens = { token: async (refused) => (refused === 'old' ? 'new' : 'old') };
  const { rest, asked } = start(({ token }) => (token === 'Bearer old' ? { status: 401, code: 'token_expired', retry: 'reauth' } : { user: 'ann' }), tokens);
  assert.equal((await rest.me()).user, 'ann');
  assert.equal(asked.length, 2);
  const hopeless = start(() => ({ status: 401, code: 'unauthenticated', retry: 'reauth' }), tokens);
  await assert.rejects(hopeless.rest.me(), { code: 'unauthenticated' });
  assert.equal(hopeless.asked.length, 2);
});

test('rest: a file is uploaded with its name and type, and progress is told', async () => {
  const stored = { file: 'f-1', name: 'a b.txt', size: 3, mime: 'text/plain', sha256: 'ab' };
  const { rest, asked } = start(() => stored);
  const parts = [];
  const file = await rest.upload(new Blob(['abc'], { type: 'text/plain' }), { name: 'a b.txt', onProgress: (part) => parts.push(part) });
  assert.deepEqual(file, stored);
  assert.deepEqual([asked[0].method, asked[0].path, asked[0].type], ['POST', '/v1/files?name=a+b.txt', 'text/plain']);
  assert.deepEqual(parts, [1]);
});

test('rest: a file above the limit is not sent', async () => {
  const { rest, asked } = start();
  await assert.rejects(rest.upload({ size: fileBytesMax + 1 }), { code: 'too_large' });
  assert.equal(asked.length, 0);
});

test('rest: a file is downloaded, and a missing one is an error', async () => {
  const { rest } = start();
  assert.equal(await (await rest.download('f-1')).text(), '{}');
  assert.equal(await rest.fileUrl('f/1'), 'http://chat.test/v1/files/f%2F1?token=token');
  const empty = start(() => ({ status: 404, code: 'not_found' }));
  await assert.rejects(empty.rest.download('f-1'), { code: 'not_found' });
});
