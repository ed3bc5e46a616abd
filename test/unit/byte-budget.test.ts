import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createByteBudget, createByteBudgets } from '../../src/gateway/limits/byte-budget.ts';

const overloaded = { code: 'overloaded' };

test('reserves arriving bytes up to the limit, and releases them once', () => {
  const budget = createByteBudget(100);
  const one = budget.reserve();
  assert.equal(budget.used, 0);
  one.grow(30);
  one.grow(30);
  assert.throws(() => budget.reserve(41), overloaded);
  const other = budget.reserve(40);
  assert.throws(() => one.grow(1), overloaded);
  assert.equal(budget.used, 100);
  one.release();
  one.release();
  assert.equal(budget.used, 40);
  other.release();
  assert.equal(budget.used, 0);
});

test('a check rejects what would exceed the limit, and reserves nothing', () => {
  const released: number[] = [];
  const budget = createByteBudget(100, 100, { used: 0 }, (bytes) => released.push(bytes));
  const one = budget.reserve(60);
  budget.check(40);
  assert.throws(() => budget.check(41), overloaded);
  assert.equal(budget.used, 60);
  one.release();
  assert.deepEqual(released, [60]);
});

test('counts a buffer shared by several replies once, until the last is released', () => {
  const budget = createByteBudget(100);
  const image = Buffer.alloc(60).fill(1);
  const alone = Buffer.from(new ArrayBuffer(60));
  const first = budget.hold(image);
  const second = budget.hold(image);
  assert.equal(budget.used, 60);
  assert.throws(() => budget.hold(alone), overloaded);
  first();
  first();
  assert.equal(budget.used, 60);
  second();
  assert.equal(budget.used, 0);
  budget.hold(alone)();
  assert.equal(budget.used, 0);
});

test('reserves a share for the other door', () => {
  const { http, zmq } = createByteBudgets(100);
  const taken = http.reserve(75);
  assert.throws(() => http.reserve(1), overloaded);
  const rest = zmq.reserve(25);
  assert.throws(() => zmq.reserve(1), overloaded);
  taken.release();
  rest.release();
  // On an otherwise idle door, one request may use all free bytes.
  http.reserve(100);
});
