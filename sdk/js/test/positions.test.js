import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Positions } from '../dist/positions.js';

test('positions: only the highest is sent, once', () => {
  const positions = new Positions();
  positions.received('c', 3);
  positions.received('c', 5);
  positions.received('c', 4);
  assert.deepEqual(positions.take(), [{ type: 'received', positions: [{ conversation: 'c', seq: 5 }] }]);
  assert.deepEqual(positions.take(), []);
});

test('positions: reading implies receiving', () => {
  const positions = new Positions();
  positions.received('c', 5);
  positions.read('c', 5);
  assert.deepEqual(positions.take(), [{ type: 'read', positions: [{ conversation: 'c', seq: 5 }] }]);
  positions.received('c', 6);
  assert.deepEqual(positions.take(), [{ type: 'received', positions: [{ conversation: 'c', seq: 6 }] }]);
});

test('positions: a public read after a private one is still sent', () => {
  const positions = new Positions();
  positions.read('c', 5, true);
  assert.deepEqual(positions.take(), [{ type: 'read', positions: [{ conversation: 'c', seq: 5 }], private: true }]);
  positions.read('c', 4);
  assert.deepEqual(positions.take(), [{ type: 'read', positions: [{ conversation: 'c', seq: 4 }] }]);
});

test('positions: all are repeated after a welcome', () => {
  const positions = new Positions();
  positions.received('c', 5);
  positions.read('d', 2);
  positions.take();
  positions.repeatAll();
  assert.deepEqual(positions.take(), [
    { type: 'read', positions: [{ conversation: 'd', seq: 2 }] },
    { type: 'received', positions: [{ conversation: 'c', seq: 5 }] },
  ]);
});

test('positions: a frame that was lost is due again, with what is highest now', () => {
  const positions = new Positions();
  positions.received('c', 5);
  const [frame] = positions.take();
  positions.received('c', 7);
  positions.putBack(frame);
  assert.deepEqual(positions.take(), [{ type: 'received', positions: [{ conversation: 'c', seq: 7 }] }]);
});

test('positions: a refused one is not repeated', () => {
  const positions = new Positions();
  positions.received('c', 5);
  positions.forget(positions.take()[0]);
  positions.repeatAll();
  assert.deepEqual(positions.take(), []);
});

test('positions: many conversations are cut into frames', () => {
  const positions = new Positions(2);
  for (const conversation of ['a', 'b', 'c']) positions.received(conversation, 1);
  assert.deepEqual(positions.take().map((frame) => frame.positions.length), [2, 1]);
});
