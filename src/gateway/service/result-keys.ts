import { LRUCache } from 'lru-cache';
import type { OutputFormat } from '../../contract/formats.ts';
import type { AcceptedFormat } from '../../contract/lane.ts';
import { canonicalParameters, type Parameters } from '../../contract/parameters.ts';
import { type Presets, withPreset } from '../../contract/presets.ts';
import { resultText } from '../../contract/result-key.ts';
import { originalKey, type ResultKey, variantKey } from '../cache/key.ts';
import { memoize, memoizeByObject } from '../memoize.ts';

type Accept = readonly AcceptedFormat[] | undefined;

export type ResultKeys = ReturnType<typeof createResultKeys>;

const maxKeys = 4096;
const maxChosenFormats = 10_000;

/**
 * Creates the lookup of result keys by request.
 * @param version version of the workers' pipeline; undefined before their first answer
 */
export function createResultKeys(presets: Presets, version: () => string | undefined) {
  const keys = memoize(maxKeys, variantKey);
  const originals = memoize(maxKeys, originalKey);
  const canonical = memoizeByObject(canonicalParameters);
  const withoutPreset = memoizeByObject((parameters: Parameters) => withPreset(parameters, presets));
  const chosenFormats = new LRUCache<string, OutputFormat>({ max: maxChosenFormats });

  /** Identifies a request whose result cannot be identified yet. */
  const requestText = (imageId: string, parameters: Parameters, accept: Accept = []) =>
    `${imageId}?${canonical(withoutPreset(parameters))} ${version()} ${accept.map(textOf).join()}`;

  /**
   * Expands presets, and replaces `format: auto` by the format a worker chose for the same request before.
   * @throws RequestError for an unknown preset
   */
  function expand(parameters: Parameters, imageId: string, accept: Accept): Parameters {
    const expanded = withoutPreset(parameters);
    if (expanded.format !== 'auto') return expanded;
    const format = chosenFormats.get(requestText(imageId, parameters, accept));
    return format === undefined ? expanded : { ...expanded, format };
  }

  return {
    expand,
    requestText,
    /**
     * @param pipelineVersion version that made the result, if it exists already
     * @returns undefined while the version, or the format for `auto`, is not known
     */
    keyOf(
      imageId: string,
      parameters?: Parameters,
      accept?: Accept,
      pipelineVersion = version(),
    ): ResultKey | undefined {
      if (parameters === undefined) return originals(imageId);
      const expanded = expand(parameters, imageId, accept);
      if (pipelineVersion === undefined || expanded.format === 'auto') return undefined;
      return keys(resultText(imageId, canonical(expanded), pipelineVersion));
    },
    /** Records the format that a worker chose for `auto`. */
    recordChoice(imageId: string, parameters: Parameters, accept: Accept, format: OutputFormat): void {
      chosenFormats.set(requestText(imageId, parameters, accept), format);
    },
  };
}

function textOf({ format, weight, named }: AcceptedFormat): string {
  return `${format}${named ? '' : '*'};q=${weight}`;
}
