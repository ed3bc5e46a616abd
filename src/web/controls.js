import { element } from './dom.js';
import { fieldFor } from './fields.js';
import { grouped } from './groups.js';

const groupsOpenAtFirst = 2;

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
    ...grouped(parameters).map(({ title, parameters: members }, index) =>
      element(
        'details',
        { open: index < groupsOpenAtFirst },
        element('summary', {}, title),
        ...members.map((parameter) => {
          const id = `parameter-${parameter.name}`;
          const field = fieldFor(parameter, id);
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
  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    write({});
    onChange();
  });

  function changed() {
    mark();
    onChange();
  }

  function mark() {
    for (const { field, row, modifies } of rows.values()) {
      const off = isOff(modifies);
      row.classList.toggle('off', off);
      row.classList.toggle('set', !off && field.read() !== '');
      row.title = off ? `Needs ${modifies}` : '';
      for (const input of field.elements) input.disabled = off;
    }
  }

  /**
   * A preset may set the other parameter.
   * @param {string | undefined} modifies
   */
  function isOff(modifies) {
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
    mark();
  }

  return {
    /** @returns {Record<string, string>} set ones by name */
    read() {
      const entries = [...rows].map(([name, { field, modifies }]) => [name, isOff(modifies) ? '' : field.read()]);
      return Object.fromEntries(entries.filter(([, value]) => value !== ''));
    },
    write,
  };
}
