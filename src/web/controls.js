import { element } from './dom.js';
import { createField } from './fields.js';
import { groupParameters } from './parameter-groups.js';

const initiallyOpenGroups = 2;

/**
 * Fills a form with a field per parameter.
 * @param {HTMLFormElement} form
 * @param {import('./service.js').Parameter[]} parameters
 * @param {() => void} onChange
 */
export function createControls(form, parameters, onChange) {
  /** @type {Map<string, { field: import('./fields.js').Field, row: HTMLElement, modifies: string | undefined }>} */
  const rows = new Map();

  form.append(
    ...groupParameters(parameters).map(({ title, parameters: members }, index) =>
      element(
        'details',
        { open: index < initiallyOpenGroups },
        element('summary', {}, title),
        ...members.map((parameter) => {
          const id = `parameter-${parameter.name}`;
          const field = createField(parameter, id);
          const row = element(
            'div',
            { class: 'field' },
            element('label', { for: id }, parameter.name),
            element('span', { class: 'inputs' }, ...field.elements),
            element('p', { class: 'hint', id: `${id}-hint` }, parameter.description),
          );
          rows.set(parameter.name, { field, row, modifies: parameter.modifies });
          return row;
        }),
      ),
    ),
    element('p', { class: 'reset' }, element('button', { class: 'button plain', type: 'reset' }, 'Reset')),
  );
  form.addEventListener('input', onInput);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    write({});
    onChange();
  });

  function onInput() {
    updateRows();
    onChange();
  }

  function updateRows() {
    for (const { field, row, modifies } of rows.values()) {
      const disabled = isDisabled(modifies);
      row.classList.toggle('off', disabled);
      row.classList.toggle('set', !disabled && field.read() !== '');
      row.title = disabled ? `Requires ${modifies}` : '';
      for (const input of field.elements) input.disabled = disabled;
    }
  }

  /**
   * Whether the parameter lacks the one that it modifies. A preset may set that one.
   * @param {string | undefined} modifies
   */
  function isDisabled(modifies) {
    return modifies !== undefined && isUnset(modifies) && isUnset('preset');
  }

  /** @param {string} name */
  function isUnset(name) {
    return ['', 'false'].includes(rows.get(name)?.field.read() ?? '');
  }

  /** @param {Record<string, string>} values */
  function write(values) {
    for (const [name, { field, row }] of rows) {
      const value = values[name] ?? '';
      field.write(value);
      const group = row.closest('details');
      if (value !== '' && group) group.open = true;
    }
    updateRows();
  }

  return {
    /** @returns {Record<string, string>} values of the parameters that are set, by name */
    read() {
      const entries = [...rows].map(([name, { field, modifies }]) => [name, isDisabled(modifies) ? '' : field.read()]);
      return Object.fromEntries(entries.filter(([, value]) => value !== ''));
    },
    write,
  };
}
