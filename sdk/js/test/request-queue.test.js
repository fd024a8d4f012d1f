import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParleyError } from '../dist/index.js';
import { RequestQueue } from '../dist/request-queue.js';
import { settled } from './manual-clock.js';

const send = (text, conversation = 'c') => [{ type: 'send', conversation, text }, { lane: conversation }];
const texts = (frames) => frames.map((frame) => frame.text);
const error = (retry, fields = {}) => new ParleyError({ code: 'unavailable', retry, ...fields });

async function outcome(promise) {
  let result = 'pending';
  promise.then((reply) => (result = reply), (failure) => (result = failure));
  await settled();
  return result;
}

test('queue: one lane sends one at a time, in order', () => {
  const queue = new RequestQueue();
  const first = queue.add(...send('1'));
  queue.add(...send('2'));
  queue.add(...send('other', 'd'));
  assert.deepEqual(texts(queue.ready(0, 32)), ['1', 'other']);
  assert.deepEqual(texts(queue.ready(0, 32)), []);
  queue.answered(first.ref, { type: 'ack' });
  assert.deepEqual(texts(queue.ready(0, 32)), ['2']);
});

test('queue: the window bounds what is unanswered', () => {
  const queue = new RequestQueue();
  for (const text of ['1', '2', '3']) queue.add({ type: 'history', text });
  assert.deepEqual(texts(queue.ready(0, 2)), ['1', '2']);
  assert.deepEqual(texts(queue.ready(0, 2)), []);
  queue.answered('1', { type: 'history' });
  assert.deepEqual(texts(queue.ready(0, 2)), ['3']);
});

test('queue: what was sent and not answered is sent again after a reconnect, unchanged and in order', () => {
  const queue = new RequestQueue();
  queue.add(...send('1'));
  queue.add(...send('2'));
  const [before] = queue.ready(0, 32);
  queue.disconnected();
  const [after] = queue.ready(0, 32);
  assert.deepEqual(after, before);
  queue.answered(after.ref, { type: 'ack' });
  assert.deepEqual(texts(queue.ready(0, 32)), ['2']);
});

test('queue: `later` waits the time asked for, and the lane waits with it', () => {
  const queue = new RequestQueue(() => 0);
  const first = queue.add(...send('1'));
  queue.add(...send('2'));
  queue.ready(0, 32);
  assert.equal(queue.refused(first.ref, error('later', { retryAfterMs: 400 }), 1000), 'repeats');
  assert.deepEqual(queue.ready(1399, 32), []);
  assert.equal(queue.due(1399), 1400);
  assert.deepEqual(texts(queue.ready(1400, 32)), ['1']);
});

test('queue: `same` is repeated with growing delays, for ever', () => {
  const queue = new RequestQueue(() => 0.999999);
  const { ref, reply } = queue.add(...send('1'));
  const delays = [];
  for (let time = 0, round = 0; round < 20; round++) {
    assert.equal(queue.ready(time, 32).length, 1);
    queue.refused(ref, error('same'), time);
    delays.push(queue.due(time) - time);
    time = queue.due(time);
  }
  assert.deepEqual(delays.slice(0, 3), [399, 799, 1599]);
  assert.equal(delays.at(-1), 9999);
  reply.catch(() => {});
});

test('queue: an internal error that does not go away is given up', async () => {
  const queue = new RequestQueue(() => 0);
  const { ref, reply } = queue.add(...send('1'));
  reply.catch(() => {});
  let verdict;
  for (let round = 0; round < 8; round++) {
    queue.ready(0, 32);
    verdict = queue.refused(ref, error('same', { code: 'internal' }), 0);
  }
  assert.equal(verdict, 'rejected');
  assert.equal((await outcome(reply)).code, 'internal');
});

test('queue: `no` rejects with the typed error and lets the lane go on', async () => {
  const queue = new RequestQueue();
  const first = queue.add(...send('1'));
  queue.add(...send('2'));
  queue.ready(0, 32);
  queue.refused(first.ref, error('no', { code: 'invalid_argument', field: 'text' }), 0);
  const failure = await outcome(first.reply);
  assert.ok(failure instanceof ParleyError);
  assert.equal(failure.field, 'text');
  assert.deepEqual(texts(queue.ready(0, 32)), ['2']);
});

test('queue: `reauth` waits for the new token and is not repeated without end', async () => {
  const queue = new RequestQueue();
  const { ref, reply } = queue.add(...send('1'));
  for (let round = 0; round < 2; round++) {
    queue.ready(0, 32);
    assert.equal(queue.refused(ref, error('reauth'), 0), 'reauth');
    assert.deepEqual(queue.ready(1e9, 32), []);
    queue.reauthenticated();
  }
  queue.ready(0, 32);
  assert.equal(queue.refused(ref, error('reauth'), 0), 'rejected');
  assert.equal((await outcome(reply)).retry, 'reauth');
});

test('queue: a request past its deadline is rejected, sent or not', async () => {
  const queue = new RequestQueue();
  const { reply } = queue.add({ type: 'history' }, { deadline: 500 });
  assert.equal(queue.due(0), 500);
  queue.expire(499);
  assert.equal(await outcome(reply), 'pending');
  queue.expire(500);
  assert.equal((await outcome(reply)).code, 'timeout');
});

test('queue: what may be sent only once is rejected when the connection is lost', async () => {
  const queue = new RequestQueue();
  const sent = queue.add({ type: 'call' }, { once: true });
  queue.ready(0, 32);
  const unsent = queue.add({ type: 'call' }, { once: true });
  queue.disconnected();
  assert.equal((await outcome(sent.reply)).code, 'disconnected');
  assert.equal(await outcome(unsent.reply), 'pending');
});

test('queue: a user and the 1:1 with that user become one lane with the first ack', () => {
  const queue = new RequestQueue();
  const first = queue.add({ type: 'send', to: 'bob', text: '1' }, { lane: 'to bob' });
  queue.ready(0, 32);
  queue.answered(first.ref, { type: 'ack', conversation: 'c' });
  queue.add({ type: 'send', to: 'bob', text: '2' }, { lane: 'to bob' });
  queue.add(...send('3'));
  assert.deepEqual(texts(queue.ready(0, 32)), ['2']);
});

test('queue: a late answer to a settled request is ignored', () => {
  const queue = new RequestQueue();
  const { ref } = queue.add(...send('1'));
  assert.equal(queue.answered(ref, { type: 'ack' }), true);
  assert.equal(queue.answered(ref, { type: 'ack' }), false);
  assert.equal(queue.refused(ref, error('no'), 0), 'unknown');
});
