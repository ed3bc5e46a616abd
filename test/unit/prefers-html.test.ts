import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefersHtml } from '../../src/gateway/http/negotiation/prefers-html.ts';

const accepts: [accept: string | undefined, isHtml: boolean][] = [
  // Chrome and Edge; Firefox; Safari
  [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    true,
  ],
  [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8',
    true,
  ],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  // Programs
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json, text/plain, */*', false],
  ['image/avif,image/webp,*/*;q=0.8', false],
  // Weights
  ['text/html', true],
  ['TEXT/HTML;Q=0.1', true],
  ['text/html;q=0', false],
  ['text/html;q=0, */*', false],
  ['text/html;q=0, application/xml', false],
  ['text/html;q=0.1, application/json', false],
  ['text/html;q=0.1, application/problem+json', false],
  ['application/problem+json, text/html;q=0.5', false],
  ['application/json;q=0.5, text/html', true],
  ['text/html;q=0.5, */*', false],
  ['text/html;q=0.5, application/*', false],
  ['text/html;q=0.5, application/*, application/json;q=0.1, application/problem+json;q=0', true],
  ['text/html;q=0.5, */*;q=0.1', true],
  // On equal weights, HTML wins if it is named, or named before JSON.
  ['text/html, */*', true],
  ['*/*, text/html', true],
  ['text/html, application/json', true],
  ['application/json, text/html', false],
  ['application/problem+json, text/html', false],
];

for (const [accept, isHtml] of accepts) {
  test(`Accept ${accept} prefers ${isHtml ? 'HTML' : 'JSON'}`, () => assert.equal(prefersHtml(accept), isHtml));
}
