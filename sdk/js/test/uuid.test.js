import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidv7 } from '../dist/index.js';

test('uuidv7: has the time first, then version and variant', () => {
  const id = uuidv7(0x0123456789ab, new Uint8Array(16).fill(0xff));
  assert.equal(id, '01234567-89ab-7fff-bfff-ffffffffffff');
});

test('uuidv7: ids of one millisecond differ, and a later one sorts later', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => uuidv7(1)));
  assert.equal(ids.size, 1000);
  assert.ok(uuidv7(1) < uuidv7(2));
});
