import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../dist/backoff.js';

const options = { firstMs: 500, maxMs: 8000, stableMs: 10_000 };

test('backoff: the ceiling doubles up to its maximum', () => {
  const backoff = new Backoff(options, () => 0.999999);
  const delays = Array.from({ length: 7 }, () => backoff.failed(0) + 1);
  assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test('backoff: the jitter is full, down to no delay at all', () => {
  const backoff = new Backoff(options, () => 0);
  assert.deepEqual([backoff.failed(0), backoff.failed(0)], [0, 0]);
});

test('backoff: a connection that lasted starts the delays over', () => {
  const backoff = new Backoff(options, () => 0.999999);
  backoff.failed(0);
  backoff.failed(0);
  backoff.online(1000);
  assert.equal(backoff.failed(11_000), 499);
});

test('backoff: a connection that ends at once does not start the delays over', () => {
  const backoff = new Backoff(options, () => 0.999999);
  backoff.failed(0);
  backoff.failed(0);
  backoff.online(1000);
  assert.equal(backoff.failed(1100), 1999);
});

test('backoff: a night offline stays at the maximum', () => {
  const backoff = new Backoff(options, () => 0.5);
  for (let attempt = 0; attempt < 5000; attempt++) backoff.failed(0);
  assert.equal(backoff.failed(0), 4000);
});
