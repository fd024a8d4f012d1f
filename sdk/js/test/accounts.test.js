import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Credentials, login, register } from '../dist/index.js';
import { ManualClock } from './manual-clock.js';

/** A `fetch` that notes its calls and answers from a list. */
function answering(...answers) {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push({ url, method: init.method, body: init.body && JSON.parse(init.body) });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  };
  return { calls, fetch };
}

const clock = new ManualClock();
const session = (token, livesMs) => ({ user: 'ann', token, refreshToken: `r-${token}`, expiresAt: clock.now() + livesMs });

test('accounts: register and log in', async () => {
  const { calls, fetch } = answering({ body: session('1', 1) }, { body: session('2', 1) });
  await register({ url: 'http://chat.test/', fetch, user: 'ann', password: 'correct horse' });
  const answer = await login({ url: 'ws://chat.test', fetch, user: 'ann', password: 'correct horse', device: 'd' });
  assert.equal(answer.token, '2');
  assert.deepEqual(calls, [
    { url: 'http://chat.test/v1/register', method: 'POST', body: { user: 'ann', password: 'correct horse' } },
    { url: 'http://chat.test/v1/login', method: 'POST', body: { user: 'ann', password: 'correct horse', device: 'd' } },
  ]);
});

test('accounts: an error of the server keeps its code and field', async () => {
  const body = { type: 'error', code: 'invalid_argument', message: 'too short', retry: 'no', field: 'password' };
  const { fetch } = answering({ status: 400, body });
  await assert.rejects(register({ url: 'http://chat.test', fetch, user: 'ann', password: 'x' }), {
    name: 'ParleyError', code: 'invalid_argument', field: 'password', status: 400, message: 'too short',
  });
});

test('accounts: no network and a proxy in the way are `unreachable`', async () => {
  const { fetch } = answering(new TypeError('fetch failed'), { status: 502, body: '<html>' });
  const attempt = () => login({ url: 'http://chat.test', fetch, user: 'ann', password: 'correct horse' });
  await assert.rejects(attempt(), { code: 'unreachable', retry: 'same' });
  await assert.rejects(attempt(), { code: 'unreachable', retry: 'same', status: 502 });
});

test('credentials: a token is refreshed shortly before it expires, once for all who ask', async () => {
  const stored = [];
  const { calls, fetch } = answering({ body: session('2', 600_000) });
  const credentials = new Credentials({
    url: 'http://chat.test', fetch, clock, session: session('1', 60_000), onChange: (next) => stored.push(next.token),
  });
  assert.equal(await credentials.token(), '1');
  await clock.advance(31_000);
  assert.deepEqual(await Promise.all([credentials.token(), credentials.token()]), ['2', '2']);
  assert.deepEqual(calls.map((call) => call.body), [{ refreshToken: 'r-1' }]);
  assert.deepEqual(stored, ['2']);
});

test('credentials: a token that the server refused is replaced', async () => {
  const { fetch } = answering({ body: session('2', 600_000) });
  const credentials = new Credentials({ url: 'http://chat.test', fetch, clock, session: session('1', 600_000) });
  assert.equal(await credentials.token('1'), '2');
  assert.equal(await credentials.token('1'), '2');
});

test('credentials: a refresh token that no longer works is final', async () => {
  const { fetch } = answering({ status: 401, body: { type: 'error', code: 'unauthenticated', retry: 'reauth' } });
  const credentials = new Credentials({ url: 'http://chat.test', fetch, clock, session: session('1', 0) });
  await assert.rejects(credentials.token(), { code: 'unauthenticated', retry: 'no' });
});
