import { hexOf } from './colour.js';
import { element } from './dom.js';

/**
 * @typedef {import('./service.js').Parameter} Parameter
 * @typedef {import('./service.js').Schema} Schema
 *
 * A parameter's input. Its text is empty while unset.
 * @typedef {object} Field
 * @property {(HTMLInputElement | HTMLSelectElement)[]} elements labelled by the first
 * @property {() => string} read
 * @property {(text: string) => void} write
 */

/** No slider for wider ranges. */
const maxSliderSteps = 1000;

/**
 * @param {Parameter} parameter
 * @param {string} id of its first element
 * @returns {Field}
 */
export function fieldFor({ name, schema, example }, id) {
  const common = { id, 'aria-describedby': `${id}-hint` };
  if (schema.enum) return choice(schema, common);
  if (schema.type === 'boolean' && schema.default === undefined) return yesOrNo(common);
  if (schema.type === 'boolean') return tick(schema, common);
  if (schema.type === 'integer' || schema.type === 'number') return number(name, schema, example, common);
  if (schema.format === 'color') return colour(name, schema, example, common);
  return text(schema, example, common);
}

/** @typedef {Record<string, string>} Common */

/**
 * @param {Schema} schema
 * @param {Common} common
 * @returns {Field}
 */
function choice({ enum: values = [], default: initial }, common) {
  const unset = element('option', { value: '' }, initial === undefined ? '–' : `${initial} (default)`);
  const options = values.filter((value) => value !== initial).map((value) => element('option', { value }, value));
  return simple(element('select', common, unset, ...options));
}

/**
 * Without a default, unset is a third state.
 * @param {Common} common
 * @returns {Field}
 */
function yesOrNo(common) {
  const field = choice({ enum: ['true', 'false'] }, common);
  return { ...field, write: (value) => field.write(value === '' ? '' : String(isTrue(value))) };
}

/** @param {string} value */
function isTrue(value) {
  return value === 'true' || value === '1';
}

/**
 * @param {Schema} schema
 * @param {Common} common
 * @returns {Field}
 */
function tick({ default: initial }, common) {
  const box = element('input', { ...common, type: 'checkbox', checked: initial === true });
  return {
    elements: [box],
    read: () => (box.checked === initial ? '' : String(box.checked)),
    write: (value) => {
      box.checked = value === '' ? initial === true : isTrue(value);
    },
  };
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {Parameter['example']} example
 * @param {Common} common
 * @returns {Field}
 */
function number(name, { type, minimum = 0, maximum = Number.POSITIVE_INFINITY, default: initial }, example, common) {
  const limits = { min: minimum, ...(Number.isFinite(maximum) ? { max: maximum } : {}) };
  const span = maximum - minimum;
  const step = type === 'integer' ? 1 : 'any';
  const input = element('input', {
    ...common,
    ...limits,
    type: 'number',
    step,
    inputmode: type === 'integer' ? 'numeric' : 'decimal',
    placeholder: String(initial ?? ''),
  });
  if (span > maxSliderSteps) return simple(input);
  const rest = String(initial ?? example);
  const slider = element('input', {
    ...limits,
    type: 'range',
    step: type === 'integer' ? 1 : span / 100,
    value: rest,
    'aria-label': `${name}, as a slider`,
  });
  const follow = () => {
    slider.value = input.value || rest;
  };
  input.addEventListener('input', follow);
  slider.addEventListener('input', () => {
    input.value = String(Number(Number(slider.value).toPrecision(4)));
  });
  return {
    elements: [input, slider],
    read: () => input.value,
    write: (value) => {
      input.value = value;
      follow();
    },
  };
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {Parameter['example']} example
 * @param {Common} common
 * @returns {Field}
 */
function colour(name, schema, example, common) {
  const field = text(schema, example, common);
  const [input] = /** @type {[HTMLInputElement]} */ (field.elements);
  const picker = element('input', { type: 'color', 'aria-label': `${name}, as a colour` });
  const follow = () => {
    picker.value = hexOf(input.value || String(schema.default ?? '')) ?? picker.value;
  };
  follow();
  input.addEventListener('input', follow);
  picker.addEventListener('input', () => {
    input.value = picker.value;
  });
  return {
    elements: [input, picker],
    read: field.read,
    write: (value) => {
      field.write(value);
      follow();
    },
  };
}

/**
 * @param {Schema} schema
 * @param {Parameter['example']} example
 * @param {Common} common
 * @returns {Field}
 */
function text({ default: initial }, example, common) {
  const placeholder = initial === undefined ? `e.g. ${example}` : String(initial);
  return simple(element('input', { ...common, type: 'text', placeholder, autocomplete: 'off', spellcheck: 'false' }));
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @returns {Field}
 */
function simple(control) {
  return {
    elements: [control],
    read: () => control.value.trim(),
    write: (value) => {
      control.value = value;
    },
  };
}
