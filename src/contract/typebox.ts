/**
 * The only import of TypeBox, for bundling: its 300 files load in 150 to 180 ms per process on Node.js 20 and 85 to 95
 * on 24, the bundle in 12.
 */

export {
  default as Type,
  type Static,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
} from 'typebox';
export { Compile, type Validator } from 'typebox/compile';
export { default as Format } from 'typebox/format';
export { Check } from 'typebox/value';
