import { LRUCache } from 'lru-cache';
import type { OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import { canonicalParameters, type Parameters } from '../../contract/parameters.ts';
import { type Presets, withPreset } from '../../contract/presets.ts';
import { resultText } from '../../contract/result-key.ts';
import { originalKey, type ResultKey, variantKey } from '../cache/key.ts';
import { memoize, memoizeByObject } from '../memoize.ts';

export type Accept = readonly AcceptedFormat[] | undefined;

export type Identifier = ReturnType<typeof createIdentifier>;

const maxKeys = 4096;
const maxChoices = 10_000;

/**
 * Creates what finds the identity of the result that a request asks for.
 * @param version what the workers said of theirs; undefined before the first answer
 */
export function createIdentifier(presets: Presets, version: () => string | undefined) {
  const keys = memoize(maxKeys, variantKey);
  const originals = memoize(maxKeys, originalKey);
  const canonical = memoizeByObject(canonicalParameters);
  const withoutPreset = memoizeByObject((parameters: Parameters) => withPreset(parameters, presets));
  const choices = new LRUCache<string, OutputFormat>({ max: maxChoices });

  /** Identifies the request where its result cannot be identified yet. */
  const requestText = (imageId: string, parameters: Parameters, accept: Accept = []) =>
    `${imageId}?${canonical(withoutPreset(parameters))} ${version()} ${accept.map(textOf).join()}`;

  /**
   * Presets expanded, and `format: auto` replaced by what a worker chose for the same request before.
   * @throws RequestError for an unknown preset
   */
  function expand(parameters: Parameters, imageId: string, accept: Accept): Parameters {
    const expanded = withoutPreset(parameters);
    if (expanded.format !== 'auto') return expanded;
    const format = choices.get(requestText(imageId, parameters, accept));
    return format === undefined ? expanded : { ...expanded, format };
  }

  return {
    expand,
    requestText,
    /** @param madeBy version that made the result, if it is made already */
    keyOf(imageId: string, parameters?: Parameters, accept?: Accept, madeBy = version()): ResultKey | undefined {
      if (parameters === undefined) return originals(imageId);
      const expanded = expand(parameters, imageId, accept);
      if (madeBy === undefined || expanded.format === 'auto') return undefined;
      return keys(resultText(imageId, canonical(expanded), madeBy));
    },
    chosen(imageId: string, parameters: Parameters, accept: Accept, format: OutputFormat): void {
      choices.set(requestText(imageId, parameters, accept), format);
    },
  };
}

function textOf({ format, weight, named }: AcceptedFormat): string {
  return `${format}${named ? '' : '*'};q=${weight}`;
}
