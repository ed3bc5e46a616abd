import { networkOf } from '../limits/client-key.ts';
import type { Client, RequestContext } from '../service/request-context.ts';

export interface Peer {
  /** Routing id. */
  readonly id: Buffer;
  readonly client: Client;
  /** Unanswered requests. */
  readonly open: Set<RequestContext>;
  hasGone: boolean;
}

/** An admitted connection not announced by then never will be. */
const announcedWithinMs = 5000;

export function createPeers() {
  const peers = new Map<string, Peer>();
  /** Not yet announced as peers, oldest first. */
  let admissions: { address: string; at: number }[] = [];

  return {
    get size() {
      return peers.size;
    },
    /** From this address' network, those not yet announced as peers included; others may be of unknown address. */
    connectionsOf(address: string): number {
      const network = networkOf(address);
      const isOfIt = (other: string | undefined) => other && networkOf(other) === network;
      const known = [...peers.values()].filter(({ client }) => isOfIt(client.address));
      return known.length + admissions.filter((one) => isOfIt(one.address)).length;
    },
    /** For the next announced peer. */
    admitted(address: string) {
      admissions.push({ address, at: performance.now() });
    },
    find: (id: Buffer) => peers.get(id.toString('latin1')),
    add(id: Buffer) {
      const oldest = performance.now() - announcedWithinMs;
      const [first, ...others] = admissions.filter(({ at }) => at >= oldest);
      admissions = others;
      // Announced in order of admission, but some leave before: unknown unless all addresses agree.
      const isCertain = others.every(({ address }) => address === first?.address);
      const client = { address: isCertain ? first?.address || undefined : undefined };
      peers.set(id.toString('latin1'), { id, client, open: new Set(), hasGone: false });
    },
    /** Aborts the peer's requests. */
    remove(peer: Peer) {
      peers.delete(peer.id.toString('latin1'));
      peer.hasGone = true;
      for (const context of peer.open) context.abort();
    },
  };
}
