import { Reply } from 'zeromq';

// REP sockets in place of workers, which echo every message at once. Arguments: their endpoints.

for (const endpoint of process.argv.slice(2)) {
  const socket = new Reply({ linger: 0 });
  await socket.bind(endpoint);
  void (async () => {
    for (;;) await socket.send(await socket.receive());
  })();
}
process.send?.({ ready: true });
