import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeVerdict } from '../dist/close-code.js';

test('close codes: 4000 to 4499 and those of WebSocket itself ask to come back', () => {
  for (const code of [1000, 1001, 1006, 1009, 1011, 1012, 4000, 4001, 4002, 4008, 4010, 4011, 4499]) {
    assert.equal(closeVerdict(code), 'reconnect', String(code));
  }
});

test('close codes: 4500 and above ask to stay away', () => {
  for (const code of [4500, 4502, 4504, 4505, 4506, 4999]) assert.equal(closeVerdict(code), 'stop', String(code));
});

test('close codes: 4501 asks for another token', () => {
  assert.equal(closeVerdict(4501), 'reauthenticate');
});
