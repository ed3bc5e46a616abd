import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Owner } from '../helpers/owner.ts';
import { photo } from '../helpers/photo.ts';
import type { Service } from '../helpers/service.ts';
import { connectZmq } from '../helpers/zmq-client.ts';

/** Counts of a run's requests by outcome. */
export interface Figures {
  tried: number;
  answered: number;
  /** Answers other than success, by code. */
  refused: Record<string, number>;
  /** Requests without an answer, or with the wrong one. */
  lost: number;
}

export const noFigures = (): Figures => ({ tried: 0, answered: 0, refused: {}, lost: 0 });

/** Sends one request; `matches` says whether a success has the expected content. */
type Send = (turn: number) => Promise<{ code: string; matches: boolean }>;

export interface Picture {
  id: string;
  bytes: Buffer;
  /** Result of `resize` to this width. */
  width: number;
  resized: Buffer;
}

/** Uploads distinct pictures and resizes each once; later results must have the same bytes. */
export async function preparePictures({ http }: Service, count: number): Promise<Picture[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const bytes = await photo(900 + index * 10, 600);
      const id = createHash('sha256').update(bytes).digest('hex');
      const width = 200 + index;
      const uploaded = await fetch(`${http}/images`, { method: 'POST', headers: jpeg, body: new Uint8Array(bytes) });
      assert.equal(uploaded.status, 201);
      const response = await fetch(`${http}/images/${id}?width=${width}`);
      return { id, bytes, width, resized: Buffer.from(await response.arrayBuffer()) };
    }),
  );
}

const jpeg = { 'content-type': 'image/jpeg' };

/** An HTTP client that cycles through the operations. */
export function httpSender({ http }: Service, { id, bytes, width, resized }: Picture): Send {
  const ask = async (path: string, expected: Buffer | string, init?: RequestInit) => {
    const response = await fetch(http + path, { ...init, signal: AbortSignal.timeout(60_000) });
    if (!response.ok) return { code: String(((await response.json()) as { code: string }).code), matches: false };
    if (typeof expected === 'string') {
      return { code: 'success', matches: ((await response.json()) as { image_id: string }).image_id === expected };
    }
    return { code: 'success', matches: expected.equals(Buffer.from(await response.arrayBuffer())) };
  };
  const body = new Uint8Array(bytes);
  const turns: (() => ReturnType<Send>)[] = [
    () => ask(`/images/${id}?width=${width}`, resized),
    () => ask(`/images/${id}`, bytes),
    () => ask(`/resize?width=${width}`, resized, { method: 'POST', headers: jpeg, body }),
    () => ask('/images', id, { method: 'POST', headers: jpeg, body }),
  ];
  return (turn) => (turns[turn % turns.length] as () => ReturnType<Send>)();
}

/** The same over a plain REQ socket, which a single missing answer would block. */
export function zmqSender(owner: Owner, { zmq }: Service, { id, bytes, width, resized }: Picture): Send {
  const client = connectZmq(owner, zmq);
  const binary = { transfer_encoding: 'binary' };
  const turns: [request: object, frames: Buffer[], expected: Buffer | string][] = [
    [{ operation: 'resize', image_id: id, width, ...binary }, [], resized],
    [{ operation: 'retrieve', image_id: id }, [], bytes],
    [{ operation: 'resize', image_data: bytes.toString('base64'), width }, [], resized],
    [{ operation: 'upload', ...binary }, [bytes], id],
  ];
  return async (turn) => {
    const [request, frames, expected] = turns[turn % turns.length] as (typeof turns)[number];
    const { json, image = Buffer.from(String(json.image_data ?? ''), 'base64') } = await client.call(
      request,
      ...frames,
    );
    const matches = typeof expected === 'string' ? json.image_id === expected : expected.equals(image);
    return { code: json.status === 'success' ? 'success' : String(json.code), matches };
  };
}

/** Sends one request after the other until the signal aborts. */
export async function sendUntil(ended: AbortSignal, send: Send, figures: Figures, first = 0): Promise<void> {
  for (let turn = first; !ended.aborted; turn += 1) {
    figures.tried += 1;
    try {
      const { code, matches } = await send(turn);
      figures.answered += 1;
      if (code !== 'success') figures.refused[code] = (figures.refused[code] ?? 0) + 1;
      else if (!matches) figures.lost += 1;
    } catch (error) {
      figures.lost += 1;
      console.log(`lost: ${error instanceof Error ? `${error.message} ${error.cause ?? ''}` : error}`);
      return;
    }
  }
}

/** Runs clients at both doors, one of each per picture, until stopped. */
export function startLoad(owner: Owner, service: Service, pictures: readonly Picture[]) {
  const figures = noFigures();
  const load = new AbortController();
  const clients = pictures.flatMap((picture, index) => [
    sendUntil(load.signal, httpSender(service, picture), figures, index),
    sendUntil(load.signal, zmqSender(owner, service, picture), figures, index),
  ]);
  return {
    figures,
    /** Resolves after this many more answers. */
    async waitForAnswers(count: number): Promise<void> {
      const wanted = figures.answered + count;
      await until(() => figures.answered >= wanted);
    },
    async stop(): Promise<void> {
      load.abort();
      await Promise.all(clients);
    },
  };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(50);
}

export function printFigures(what: string, figures: Figures, more: Record<string, unknown> = {}): void {
  const refused = Object.entries(figures.refused).map(([code, count]) => `${count} ${code}`);
  const rest = Object.entries(more).map(([name, value]) => `, ${name} ${value}`);
  const { tried, answered, lost } = figures;
  console.log(
    `${what}: tried ${tried}, answered ${answered}, refused ${refused.join(' and ') || 0}, lost ${lost}${rest.join('')}`,
  );
}
