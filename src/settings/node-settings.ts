import { availableParallelism } from 'node:os';
import { Type } from '../contract/typebox.ts';
import { bytesOrZero, endpointFormat } from './setting.ts';

/** Other nodes, and the workers of this one. */
export const nodeSettings = {
  peers: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      "Nodes that tell each other about deletions: the comma-separated IMGWIRE_PEER_ENDPOINT of each, such as tcp://a:5556, with |PUBLIC_KEY for CURVE; may include this node's own.",
  }),
  peerEndpoint: Type.String({
    ...endpointFormat,
    default: '',
    defaultText: 'none',
    description:
      'Endpoint at which this node publishes deletions to its peers; uses CURVE if IMGWIRE_CURVE_SECRET_KEY is set.',
  }),
  upstreams: Type.Array(Type.String(), {
    default: [] as string[],
    defaultText: 'none',
    description:
      'Comma-separated ZeroMQ doors of other nodes that process requests for this one, such as tcp://a:5555, with |PUBLIC_KEY for CURVE; or REP servers that support upload, retrieve and resize.',
  }),
  upstreamLanes: Type.Integer({
    minimum: 1,
    maximum: 64,
    default: 8,
    description:
      'Maximum number of concurrent requests to each upstream, separately for resize and for all other operations; two per CPU of the upstream keep it busy.',
  }),
  workers: Type.Integer({
    minimum: 0,
    maximum: 256,
    default: availableParallelism(),
    defaultText: 'the number of CPUs',
    description: 'Number of worker processes; 0 if IMGWIRE_UPSTREAMS do all the work.',
  }),
  workerMemoryBytes: bytesOrZero(
    1_073_741_824,
    'Maximum resident memory of a worker in bytes: a worker that stays above it finishes its work and is replaced; 0 for no limit.',
  ),
};
