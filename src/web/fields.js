import { hexOf } from './colour.js';
import { element } from './dom.js';

/**
 * @typedef {import('./service.js').Parameter} Parameter
 * @typedef {import('./service.js').Schema} Schema
 *
 * Form controls of one parameter. Its text is empty while the parameter is unset.
 * @typedef {object} Field
 * @property {(HTMLInputElement | HTMLSelectElement)[]} elements labelled by the first
 * @property {() => string} read
 * @property {(text: string) => void} write
 */

/** Wider ranges get no slider. */
const maxSliderSteps = 1000;

/**
 * @param {Parameter} parameter
 * @param {string} id of its first element
 * @returns {Field}
 */
export function createField({ name, schema, example }, id) {
  const common = { id, 'aria-describedby': `${id}-hint` };
  if (schema.enum) return selectField(schema, common);
  if (schema.type === 'boolean' && schema.default === undefined) return optionalBooleanField(common);
  if (schema.type === 'boolean') return checkboxField(schema, common);
  if (schema.type === 'integer' || schema.type === 'number') return numberField(name, schema, example, common);
  if (schema.format === 'color') return colourField(name, schema, example, common);
  return textField(schema, example, common);
}

/** @typedef {Record<string, string>} Common attributes of all fields */

/**
 * @param {Schema} schema
 * @param {Common} common
 * @returns {Field}
 */
function selectField({ enum: values = [], default: defaultValue }, common) {
  const unset = element('option', { value: '' }, defaultValue === undefined ? '–' : `${defaultValue} (default)`);
  const options = values.filter((value) => value !== defaultValue).map((value) => element('option', { value }, value));
  return singleControlField(element('select', common, unset, ...options));
}

/**
 * A boolean without a default has a third state, unset.
 * @param {Common} common
 * @returns {Field}
 */
function optionalBooleanField(common) {
  const field = selectField({ enum: ['true', 'false'] }, common);
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
function checkboxField({ default: defaultValue }, common) {
  const box = element('input', { ...common, type: 'checkbox', checked: defaultValue === true });
  return {
    elements: [box],
    read: () => (box.checked === defaultValue ? '' : String(box.checked)),
    write: (value) => {
      box.checked = value === '' ? defaultValue === true : isTrue(value);
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
function numberField(
  name,
  { type, minimum = 0, maximum = Number.POSITIVE_INFINITY, default: defaultValue },
  example,
  common,
) {
  const limits = { min: minimum, ...(Number.isFinite(maximum) ? { max: maximum } : {}) };
  const span = maximum - minimum;
  const step = type === 'integer' ? 1 : 'any';
  const input = element('input', {
    ...common,
    ...limits,
    type: 'number',
    step,
    inputmode: type === 'integer' ? 'numeric' : 'decimal',
    placeholder: String(defaultValue ?? ''),
  });
  if (span > maxSliderSteps) return singleControlField(input);
  const unsetPosition = String(defaultValue ?? example);
  const slider = element('input', {
    ...limits,
    type: 'range',
    step: type === 'integer' ? 1 : span / 100,
    value: unsetPosition,
    'aria-label': `${name}, as a slider`,
  });
  const syncSlider = () => {
    slider.value = input.value || unsetPosition;
  };
  input.addEventListener('input', syncSlider);
  slider.addEventListener('input', () => {
    input.value = String(Number(Number(slider.value).toPrecision(4)));
  });
  return {
    elements: [input, slider],
    read: () => input.value,
    write: (value) => {
      input.value = value;
      syncSlider();
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
function colourField(name, schema, example, common) {
  const field = textField(schema, example, common);
  const [input] = /** @type {[HTMLInputElement]} */ (field.elements);
  const picker = element('input', { type: 'color', 'aria-label': `${name}, as a colour` });
  const syncPicker = () => {
    picker.value = hexOf(input.value || String(schema.default ?? '')) ?? picker.value;
  };
  syncPicker();
  input.addEventListener('input', syncPicker);
  picker.addEventListener('input', () => {
    input.value = picker.value;
  });
  return {
    elements: [input, picker],
    read: field.read,
    write: (value) => {
      field.write(value);
      syncPicker();
    },
  };
}

/**
 * @param {Schema} schema
 * @param {Parameter['example']} example
 * @param {Common} common
 * @returns {Field}
 */
function textField({ default: defaultValue }, example, common) {
  const placeholder = defaultValue === undefined ? `e.g. ${example}` : String(defaultValue);
  return singleControlField(
    element('input', { ...common, type: 'text', placeholder, autocomplete: 'off', spellcheck: 'false' }),
  );
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @returns {Field}
 */
function singleControlField(control) {
  return {
    elements: [control],
    read: () => control.value.trim(),
    write: (value) => {
      control.value = value;
    },
  };
}
