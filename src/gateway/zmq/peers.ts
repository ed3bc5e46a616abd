import type { Client, RequestContext } from '../service/request-context.ts';

/** A connected client. */
export interface Peer {
  /** Routing id. */
  readonly id: Buffer;
  readonly client: Client;
  /** Its unanswered requests. */
  readonly open: Set<RequestContext>;
  hasGone: boolean;
}

/** An admitted connection that has not become a peer by then never will, in milliseconds. */
const announcedWithinMs = 5000;

/** Keeps the connected clients by routing id. */
export function createPeers() {
  const peers = new Map<string, Peer>();
  /** Admitted connections that are not announced as peers yet, oldest first. */
  let admissions: { address: string; at: number }[] = [];

  return {
    get size() {
      return peers.size;
    },
    /** Takes the address of an admitted connection, for the peer that is announced next. */
    admitted(address: string) {
      admissions.push({ address, at: performance.now() });
    },
    find: (id: Buffer) => peers.get(id.toString('latin1')),
    add(id: Buffer) {
      const oldest = performance.now() - announcedWithinMs;
      const [first, ...others] = admissions.filter(({ at }) => at >= oldest);
      admissions = others;
      // Announced in the order of admission, except those that leave before: unless all agree, it is unknown.
      const isCertain = others.every(({ address }) => address === first?.address);
      const client = { address: isCertain ? first?.address || undefined : undefined };
      peers.set(id.toString('latin1'), { id, client, open: new Set(), hasGone: false });
    },
    /** Removes a peer that has gone and aborts its requests. */
    remove(peer: Peer) {
      peers.delete(peer.id.toString('latin1'));
      peer.hasGone = true;
      for (const context of peer.open) context.abort();
    },
  };
}
