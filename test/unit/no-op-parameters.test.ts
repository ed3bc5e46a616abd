import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalParameters,
  type ParameterName,
  type Parameters,
  parameterNames,
  parameterRecords,
} from '../../src/contract/parameters.ts';
import { sourceKinds } from '../helpers/source-kinds.ts';
import { transformImage } from './transform-image.ts';

/** In addition to the defaults and to parameters that only modify another one. */
const more: { [N in ParameterName]?: readonly Parameters[N][] } = {
  hue: [360, -360],
  rotate: [360, -360],
  background: ['#fff', 'rgb(255, 255, 255)'],
  pad: ['0', '0,0,0,0'],
};

const withoutEffect = parameterNames.flatMap((name) => {
  const { schema, modifies, example } = parameterRecords[name];
  const initial = (schema as { default?: unknown }).default;
  const values = [...(initial === undefined ? [] : [initial]), ...(modifies ? [example] : []), ...(more[name] ?? [])];
  return values.map((value) => [name, { [name]: value } as Parameters] as const);
});

const baseParameters: Parameters[] = [{ format: 'png', lossless: true, width: 50 }, { height: 20 }, { rotate: 90 }];
const sources = ['opaque', 'transparent', '16 bits', '16 bits with alpha', 'animated'].map(
  async (kind) => [kind, (await sourceKinds[kind]?.()) as Buffer] as const,
);

for (const [kind, image] of await Promise.all(sources)) {
  test(`parameters without effect leave the bytes unchanged: ${kind}`, async () => {
    for (const parameters of baseParameters) {
      const expected = await transformImage(image, parameters);
      for (const [name, set] of withoutEffect.filter(([name]) => parameters[name] === undefined)) {
        const what = JSON.stringify({ ...parameters, ...set });
        assert.equal(canonicalParameters({ ...parameters, ...set }), canonicalParameters(parameters), what);
        const { bytes } = await transformImage(image, { ...parameters, ...set });
        assert.ok(bytes.equals(expected.bytes), `${name} of ${what}`);
      }
    }
  });
}
