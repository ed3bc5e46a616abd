import { byId, showMessage } from './dom.js';
import { createEditor } from './editor.js';
import { shortId } from './format.js';
import { createGallery } from './gallery.js';
import { messageOf } from './response.js';
import { loadSettings } from './service.js';
import { enableUploads } from './upload.js';

try {
  start(await loadSettings());
} catch (error) {
  showMessage(byId('failed', HTMLParagraphElement), `${messageOf(error)}. Reload the page to try again.`);
}

/** @param {import('./service.js').Settings} settings */
function start(settings) {
  const home = byId('home', HTMLElement);
  const editorView = byId('editor', HTMLElement);
  const gallery = createGallery();
  const editor = createEditor(settings, {
    onDeleted(id) {
      gallery.remove(id);
      if (parseFragment().id === id) location.hash = '';
    },
    onChange: (parameters) => history.replaceState(null, '', fragmentOf(parameters)),
  });

  /** @param {Record<string, string>} parameters */
  function fragmentOf(parameters) {
    const query = String(new URLSearchParams(parameters));
    return `#${parseFragment().id}${query && `?${query}`}`;
  }

  /** Parses a fragment such as `#image_id?width=300`. */
  function parseFragment() {
    const [id = '', query] = location.hash.slice(1).split('?');
    const given = [...new URLSearchParams(query)].map(([name, value]) => [settings.aliases[name] ?? name, value]);
    return { id, parameters: /** @type {Record<string, string>} */ (Object.fromEntries(given)) };
  }

  function show() {
    const { id, parameters } = parseFragment();
    const isImage = /^[0-9a-f]{64}$/.test(id);
    home.hidden = isImage;
    editorView.hidden = !isImage;
    document.title = isImage ? `${shortId(id)} · imgwire` : 'imgwire';
    if (isImage) editor.open(id, parameters);
    else editor.close();
  }

  enableUploads(settings.maxUploadBytes, gallery.add);
  byId('stored', HTMLElement).hidden = false;
  addEventListener('hashchange', show);
  show();
  void gallery.load();
}
