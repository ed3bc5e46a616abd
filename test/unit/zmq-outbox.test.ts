import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createBudget } from '../../src/gateway/budget.ts';
import { createOutbox, type OutboxOptions } from '../../src/gateway/zmq/outbox.ts';

/** More than the kernel takes for a peer that does not read. */
const large = Buffer.alloc(50_000_000);

/** Both ends of a connection; the far one does not read by itself. */
async function connected(t: TestContext): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const near = connect(port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  for (const socket of [near, far]) socket.on('error', () => {});
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

function outboxOf(socket: Socket, options: Partial<OutboxOptions> = {}) {
  const budget = createBudget(1e9);
  const outbox = createOutbox({
    socket,
    budget,
    onSent() {},
    onStalled() {},
    patienceMs: () => 60_000,
    ...options,
  });
  return { outbox, budget };
}

test('sends one message after the other, and counts what has not left', async (t) => {
  const { near, far } = await connected(t);
  const { outbox, budget } = outboxOf(near);
  const sent = Promise.all([outbox.send([large]), outbox.send([Buffer.from('end')])]);
  assert.equal(outbox.length, 2);
  assert.ok(budget.used > large.length);
  let bytes = 0;
  far.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  far.resume();
  await sent;
  assert.deepEqual([outbox.length, budget.used], [0, 0]);
  near.end();
  await once(far, 'end');
  assert.equal(bytes, large.length + 9 + 5);
});

test('says when a peer does not take a message in time', async (t) => {
  const { near } = await connected(t);
  const asked: number[] = [];
  await new Promise<void>((resolve) => {
    const { outbox } = outboxOf(near, {
      onStalled: resolve,
      patienceMs: (bytes) => {
        asked.push(bytes);
        return 10;
      },
    });
    outbox.send([large]).catch(() => {});
  });
  assert.deepEqual(asked, [large.length + 9]);
});

test('fails what is left where the peer has gone, and gives back what was counted', async (t) => {
  const { near } = await connected(t);
  const { outbox, budget } = outboxOf(near);
  const sent = [outbox.send([large]), outbox.send([Buffer.from('end')])];
  near.destroy();
  outbox.fail();
  for (const one of sent) await assert.rejects(one);
  await assert.rejects(outbox.send([Buffer.from('late')]));
  assert.deepEqual([outbox.length, budget.used], [0, 0]);
});
