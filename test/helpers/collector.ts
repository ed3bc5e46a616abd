import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeWith, type Owner } from './owner.ts';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  name: string;
  kind: number;
  /** Milliseconds. */
  start: number;
  end: number;
  attributes: Record<string, unknown>;
  /** 2 is an error. */
  status: number;
  service: Record<string, unknown>;
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** All spans received so far. */
  spans: Span[];
  /** Request bodies, unparsed. */
  bodies: string[];
  headers: Record<string, unknown>[];
  server: Server;
}

/** An OTLP collector: HTTP with JSON. */
export async function startCollector(t: Owner): Promise<Collector> {
  const collected: Pick<Collector, 'spans' | 'bodies' | 'headers'> = { spans: [], bodies: [], headers: [] };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url !== '/v1/traces') return response.writeHead(404).end();
      collected.bodies.push(body);
      collected.headers.push(request.headers);
      collected.spans.push(...spansOf(JSON.parse(body)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeWith(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, ...collected };
}

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: number | string; boolValue?: boolean; doubleValue?: number };
}

interface WireSpan {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  status?: { code?: number };
  [field: string]: unknown;
}

interface Exported {
  resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: WireSpan[] }[] }[];
}

function spansOf({ resourceSpans }: Exported): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(
        ({ startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }) =>
          ({
            ...span,
            start: Number(BigInt(startTimeUnixNano) / 1000n) / 1000,
            end: Number(BigInt(endTimeUnixNano) / 1000n) / 1000,
            attributes: valuesOf(attributes),
            status: status?.code ?? 0,
            service: valuesOf(resource.attributes),
          }) as unknown as Span,
      ),
  );
}

function valuesOf(attributes: KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue),
    ]),
  );
}
