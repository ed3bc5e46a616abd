import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBudget, createBudgets } from '../../src/gateway/budget.ts';

test('sets bytes aside up to its limit, and takes them back once', () => {
  const budget = createBudget(100);
  const release = budget.reserve(60);
  assert.throws(() => budget.reserve(41), { code: 'overloaded' });
  budget.reserve(40);
  release();
  release();
  assert.equal(budget.used, 40);
});

test('counts what is there anyway over its limit', () => {
  const budget = createBudget(100);
  budget.charge(500);
  assert.equal(budget.used, 500);
  assert.throws(() => budget.reserve(1), { code: 'overloaded' });
});

test('tells when bytes are given back', () => {
  const budget = createBudget(100);
  const release = budget.reserve(100);
  let freed = 0;
  budget.onceFreed(() => {
    freed += 1;
  });
  assert.equal(budget.hasRoom(1), false);
  release();
  budget.reserve(1)();
  assert.equal(freed, 1);
});

test('leaves the other door its share', () => {
  const { http, zmq } = createBudgets(100);
  const release = http.reserve(75);
  assert.throws(() => http.reserve(1), { code: 'overloaded' });
  zmq.reserve(25);
  assert.throws(() => zmq.reserve(1), { code: 'overloaded' });
  release();
  // A door that has nothing may take all that is free.
  http.reserve(75);
});
