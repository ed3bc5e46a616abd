import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Caller } from '../access/api-keys.ts';
import { networkOf } from '../limits/client-key.ts';
import type { Client, RequestContext } from '../service/request-context.ts';
import type { IoBarrier } from './io-barrier.ts';

export interface Peer {
  /** Routing id. */
  readonly id: Buffer;
  readonly client: Client;
  readonly caller: Caller;
  /** Unanswered requests. */
  readonly openRequests: Set<RequestContext>;
  hasGone: boolean;
}

/** A connection admitted by the ZAP handler. */
export interface Admission {
  address: string;
  caller: Caller;
}

/** Admitted connections that are not announced within this time never will be. */
const announcedWithinMs = 5000;

/** Number of messages after which libzmq processes new connections, however busy the others are. */
const commandMessages = 128;

/**
 * Tracks connected peers, and matches them to admissions: libzmq announces a peer by its routing id alone.
 * @param defaultCaller caller to assume for a peer without an admission
 */
export function createPeers(defaultCaller: Caller, barrier: Pick<IoBarrier, 'passed'>) {
  const peers = new Map<string, Peer>();
  /** Admitted connections not yet announced as peers, oldest first. Announcements do not identify them. */
  let admissions: (Admission & { at: number })[] = [];
  let messages = 0;

  /** Drops admissions of connections that have left. */
  function pending() {
    const oldest = performance.now() - announcedWithinMs;
    admissions = admissions.filter(({ at }) => at >= oldest);
    return admissions;
  }

  return {
    get size() {
      return peers.size;
    },
    /** Number of connections admitted but not yet announced. */
    get unannouncedCount() {
      return pending().length;
    },
    /**
     * Counts connections from the address's network, including those not yet announced; some peers have no known
     * address.
     */
    connectionsOf(address: string): number {
      const network = networkOf(address);
      const isOfIt = (other: string | undefined) => other && networkOf(other) === network;
      const known = [...peers.values()].filter(({ client }) => isOfIt(client.address));
      return known.length + pending().filter((one) => isOfIt(one.address)).length;
    },
    /** Records an admission, for the next announced peer. */
    admitted(admission: Admission) {
      admissions.push({ ...admission, at: performance.now() });
    },
    /**
     * Resolves when no announcement of an admitted connection is outstanding, so that the next announced peer must be
     * the next one admitted. With CURVE, libzmq's I/O thread announces a connection as soon as it learns of the
     * admission: one without an announcement among the messages queued by then has left.
     */
    async settled(): Promise<void> {
      if (admissions.length > 0) await barrier.passed();
      const last = messages + peers.size + commandMessages;
      for (let seen = -1; admissions.length > 0 && seen !== messages && messages < last; ) {
        seen = messages;
        for (let turn = 0; turn < 3; turn += 1) await nextTurn();
      }
      admissions = [];
    },
    /** Call once per message. */
    find(id: Buffer) {
      messages += 1;
      return peers.get(id.toString('latin1'));
    },
    add(id: Buffer) {
      const [first, ...others] = pending();
      admissions = others;
      // Without CURVE, some leave unannounced and order is not guaranteed: the address is certain only if all are the
      // same.
      const isCertain = others.every(({ address }) => address === first?.address);
      const caller = first?.caller ?? defaultCaller;
      const client: Client = { address: isCertain ? first?.address || undefined : undefined };
      if (caller.name !== undefined) client.name = caller.name;
      peers.set(id.toString('latin1'), { id, client, caller, openRequests: new Set(), hasGone: false });
    },
    /** Aborts the peer's requests. */
    remove(peer: Peer) {
      peers.delete(peer.id.toString('latin1'));
      peer.hasGone = true;
      for (const context of peer.openRequests) context.abort();
    },
  };
}
