import type { Config } from '../../config.ts';
import type { NodeAddress } from '../nodes/node-address.ts';
import { startUpstream, type UpstreamOptions } from './upstream.ts';

export interface UpstreamsOptions extends Pick<UpstreamOptions, 'dispatcher' | 'log'> {
  addresses: readonly NodeAddress[];
  config: Pick<Config, 'upstreamLanes' | 'curveSecretKey' | 'timeoutMs'>;
}

/** Connects the dispatcher to other nodes, without waiting for them. */
export function startUpstreams({ addresses, config, ...options }: UpstreamsOptions) {
  const { curveSecretKey, timeoutMs, upstreamLanes: lanes } = config;
  const upstreams = addresses.map((address) =>
    startUpstream({ ...options, address, curveSecretKey, timeoutMs, lanes }),
  );
  return {
    /** Numbers of upstreams that take jobs, and of the others. */
    stats() {
      const serving = upstreams.filter((upstream) => upstream.isServing()).length;
      return { serving, away: upstreams.length - serving };
    },
    close() {
      for (const upstream of upstreams) upstream.close();
    },
  };
}
