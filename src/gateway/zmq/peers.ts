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
  readonly open: Set<RequestContext>;
  hasGone: boolean;
}

/** A connection that the ZAP handler let in. */
export interface Admission {
  address: string;
  caller: Caller;
}

/** An admitted connection not announced by then never will be. */
const announcedWithinMs = 5000;

/** Messages within which libzmq looks at new connections, however busy the others are. */
const commandMessages = 128;

/** @param stranger whoever came past the ZAP handler */
export function createPeers(stranger: Caller, barrier: Pick<IoBarrier, 'passed'>) {
  const peers = new Map<string, Peer>();
  /** Not yet announced as peers, oldest first. An announcement does not say whose it is. */
  let admissions: (Admission & { at: number })[] = [];
  let messages = 0;

  /** Forgets those that have left. */
  function pending() {
    const oldest = performance.now() - announcedWithinMs;
    admissions = admissions.filter(({ at }) => at >= oldest);
    return admissions;
  }

  return {
    get size() {
      return peers.size;
    },
    /** Admitted, and not yet peers. */
    get admitting() {
      return pending().length;
    },
    /** From this address' network, those not yet announced as peers included; others may be of unknown address. */
    connectionsOf(address: string): number {
      const network = networkOf(address);
      const isOfIt = (other: string | undefined) => other && networkOf(other) === network;
      const known = [...peers.values()].filter(({ client }) => isOfIt(client.address));
      return known.length + pending().filter((one) => isOfIt(one.address)).length;
    },
    /** For the next announced peer. */
    admitted(admission: Admission) {
      admissions.push({ ...admission, at: performance.now() });
    },
    /**
     * Resolves when no announcement of an admitted connection is to come, so that the next announced peer is the next one
     * admitted. With CURVE, libzmq's I/O thread announces a connection as soon as it hears that it is admitted: what is
     * not among the messages that wait then has left.
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
    /** Call for each message. */
    find(id: Buffer) {
      messages += 1;
      return peers.get(id.toString('latin1'));
    },
    add(id: Buffer) {
      const [first, ...others] = pending();
      admissions = others;
      // Without CURVE some leave before, and in any order: unknown unless all agree.
      const isCertain = others.every(({ address }) => address === first?.address);
      const caller = first?.caller ?? stranger;
      const client: Client = { address: isCertain ? first?.address || undefined : undefined };
      if (caller.name !== undefined) client.name = caller.name;
      peers.set(id.toString('latin1'), { id, client, caller, open: new Set(), hasGone: false });
    },
    /** Aborts the peer's requests. */
    remove(peer: Peer) {
      peers.delete(peer.id.toString('latin1'));
      peer.hasGone = true;
      for (const context of peer.open) context.abort();
    },
  };
}
