import { maxHops } from '../../contract/fields.ts';
import { parseJson } from '../../contract/messages.ts';
import type { Logger } from '../../log.ts';
import { codeOf, errorFrames } from '../zmq/reply-frames.ts';
import { LaneLost, notPermitted, routingLoop, unexpectedReply } from './errors.ts';
import type { Protocol } from './protocol.ts';

interface ForwardedRequest {
  request_id: string;
  deadline: number;
  hops?: number;
}

/** More than the 2 s that the node has to answer a ping. */
const pingTimeoutMs = 4000;

/** Protocol of another imgwire node: the same messages, plus remaining time and hop count. */
export function createNodeProtocol(upstream: string, log: Logger): Protocol {
  return {
    name: 'imgwire',
    pingTimeoutMs,
    async exchange([json, ...images], send) {
      const given = parseJson(json as Buffer) as ForwardedRequest & Record<string, unknown>;
      const { deadline, report: _, hops = 0, request_id: requestId, ...request } = given;
      // The last hop is reserved for pings to the gateway itself.
      if (hops + 1 >= maxHops) return errorFrames(routingLoop(maxHops - 1), requestId);
      const timeoutMs = Math.max(1, deadline - Date.now());
      const forwarded = { ...request, request_id: requestId, timeout_ms: timeoutMs, hops: hops + 1 };
      const reply = await send([Buffer.from(JSON.stringify(forwarded)), ...images]);
      const [head = Buffer.alloc(0)] = reply;
      if (!head.toString('latin1', 0, 11).startsWith('{"status":"')) {
        return errorFrames(unexpectedReply('a reply of an imgwire node', 'something else'), requestId);
      }
      const code = codeOf(head);
      if (code === 'shutting_down') throw new LaneLost('shutting down');
      if (code === 'unauthorized' || code === 'forbidden') {
        const { message } = parseJson(head) as { message?: unknown };
        log.error({ upstream, request_id: requestId, code, reason: message }, 'not permitted by an upstream');
        return errorFrames(notPermitted(message), requestId);
      }
      return reply;
    },
  };
}
