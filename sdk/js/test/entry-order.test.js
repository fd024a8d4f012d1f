import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EntryOrder } from '../dist/entry-order.js';
import { message } from './scripted-server.js';

const seqs = (entries) => entries.map((entry) => entry.seq);

test('order: the first entry sets where a conversation begins', () => {
  const order = new EntryOrder();
  assert.deepEqual(seqs(order.accept(message(41))), [41]);
  assert.deepEqual(seqs(order.accept(message(40))), []);
  assert.equal(order.position('c'), 41);
});

test('order: an entry is delivered once', () => {
  const order = new EntryOrder();
  order.accept(message(1));
  assert.deepEqual(order.accept(message(1)), []);
  order.accept(message(3));
  order.accept(message(3));
  assert.deepEqual(seqs(order.accept(message(2))), [2, 3]);
  assert.deepEqual(order.accept(message(3)), []);
});

test('order: an early entry waits for the ones before it', () => {
  const order = new EntryOrder();
  order.accept(message(1));
  assert.deepEqual(order.accept(message(4)), []);
  assert.deepEqual(order.accept(message(3)), []);
  assert.deepEqual(order.hole('c'), { after: 1, before: 3 });
  assert.deepEqual(seqs(order.accept(message(2))), [2, 3, 4]);
  assert.equal(order.hole('c'), undefined);
});

test('order: conversations do not wait for each other', () => {
  const order = new EntryOrder();
  order.accept(message(1));
  order.accept(message(3));
  assert.deepEqual(seqs(order.accept(message(1, { conversation: 'd' }))), [1]);
});

test('order: skipping stops at the next entry that is here', () => {
  const order = new EntryOrder();
  order.accept(message(1));
  order.accept(message(5));
  assert.deepEqual(seqs(order.skipTo('c', 9)), [5]);
  assert.equal(order.position('c'), 5);
  assert.deepEqual(seqs(order.skipTo('c', 9)), []);
  assert.equal(order.position('c'), 9);
});

test('order: of too many early entries the rest is dropped but not forgotten', () => {
  const order = new EntryOrder(2);
  order.accept(message(1));
  for (const seq of [3, 4, 5]) order.accept(message(seq));
  assert.deepEqual(seqs(order.accept(message(2))), [2, 3, 4]);
  assert.deepEqual(order.hole('c'), { after: 4, before: 6 });
  assert.deepEqual(seqs(order.accept(message(5))), [5]);
});

test('order: any arrival order, with repetitions, ends as the log', () => {
  for (let run = 0; run < 200; run++) {
    const order = new EntryOrder();
    order.skipTo('c', 0);
    const arrivals = Array.from({ length: 60 }, (_, at) => 1 + (at % 30)).sort(() => Math.random() - 0.5);
    const delivered = arrivals.flatMap((seq) => seqs(order.accept(message(seq))));
    assert.deepEqual(delivered, Array.from({ length: 30 }, (_, at) => at + 1));
  }
});
