/*
 * What is used of TypeBox, in one place. The build makes one file of it:
 * its own are some three hundred, and to load them took half of the start of a worker.
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
