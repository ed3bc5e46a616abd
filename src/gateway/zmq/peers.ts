import type { Client, RequestContext } from '../service/request-context.ts';

/** A connected client. */
export interface Peer {
  /** Routing id: the first frame of every message from and to it. */
  readonly id: Buffer;
  readonly client: Client;
  /** Its requests that are not answered yet. */
  readonly open: Set<RequestContext>;
  hasGone: boolean;
}

/** The connected clients, by routing id. */
export interface Peers {
  readonly size: number;
  /** Notes that a connection was admitted, so that the peer that is announced for it gets its address. */
  admitted(address: string): void;
  find(id: Buffer): Peer | undefined;
  add(id: Buffer): Peer;
  /** Aborts the requests of a peer that has gone. */
  remove(peer: Peer): void;
}

/** A connection that was admitted this long ago and is still not announced never will be, in milliseconds. */
const announcedWithinMs = 5000;

export function createPeers(): Peers {
  const peers = new Map<string, Peer>();
  let admissions: { address: string; at: number }[] = [];

  /** Peers are announced in the order of admission, but for those that left in between: then it is known only if all agree. */
  function nextAddress(): string | undefined {
    const oldest = performance.now() - announcedWithinMs;
    admissions = admissions.filter(({ at }) => at >= oldest);
    const address = admissions[0]?.address || undefined;
    const isCertain = admissions.every((one) => one.address === address);
    admissions.shift();
    return isCertain ? address : undefined;
  }

  return {
    get size() {
      return peers.size;
    },
    admitted(address) {
      admissions.push({ address, at: performance.now() });
    },
    find: (id) => peers.get(id.toString('latin1')),
    add(id) {
      const peer: Peer = { id, client: { address: nextAddress() }, open: new Set(), hasGone: false };
      peers.set(id.toString('latin1'), peer);
      return peer;
    },
    remove(peer) {
      peers.delete(peer.id.toString('latin1'));
      peer.hasGone = true;
      for (const context of peer.open) context.abort();
    },
  };
}
