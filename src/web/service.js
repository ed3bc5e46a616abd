import { parseResponse, request } from './response.js';

/**
 * @typedef {object} Schema
 * @property {string} [type]
 * @property {string[]} [enum]
 * @property {string} [format]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string | number | boolean} [default]
 * @property {Schema[]} [anyOf]
 *
 * @typedef {object} Parameter
 * @property {string} name
 * @property {Schema} schema
 * @property {string} description
 * @property {string | number | boolean} example
 * @property {string} [modifies] parameter without which this one has no effect
 *
 * @typedef {object} Settings
 * @property {string[]} mediaTypes
 * @property {number} maxUploadBytes
 * @property {string} [publicUrl]
 * @property {string} zmqEndpoint
 * @property {Record<string, string>} aliases full names by alias
 * @property {Parameter[]} parameters
 *
 * @typedef {{ image_id: string, size: number }} StoredImage
 * @typedef {{ format: string, width: number, height: number, size: number, frames: number }} Info
 */

/** @returns {Promise<Settings>} */
export function loadSettings() {
  return getJson('assets/settings.json', 'parameters');
}

/**
 * @param {string} [cursor]
 * @returns {Promise<{ images: StoredImage[], next_cursor?: string }>}
 */
export function listImages(cursor) {
  const query = new URLSearchParams({ order: 'newest', limit: '24', ...(cursor === undefined ? {} : { cursor }) });
  return getJson(`images?${query}`, 'images');
}

/**
 * @param {string} id
 * @returns {Promise<Info>}
 */
export function describeImage(id) {
  return getJson(`images/${id}/info`, 'format');
}

/** @param {string} id */
export async function deleteImage(id) {
  const { status } = await request(`images/${id}`, { method: 'DELETE' });
  if (status !== 204) throw new Error(`Expected status 204 from the server but received ${status}`);
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 * @throws {Error} with a message to show
 */
export async function fetchImage(path, signal) {
  const { body } = await request(path, { signal });
  if (body.size === 0) throw new Error('Expected an image from the server but received nothing');
  if (body.type.startsWith('image/')) return body;
  throw new Error(`Expected an image from the server but received ${body.type || 'data without a type'}`);
}

/**
 * Path of an image, relative to the page.
 * @param {string} id
 * @param {Record<string, string | number | boolean>} [parameters]
 */
export function imagePath(id, parameters = {}) {
  const entries = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  const query = String(new URLSearchParams(entries));
  return `images/${id}${query && `?${query}`}`;
}

/**
 * @param {string} path
 * @param {string} field
 */
async function getJson(path, field) {
  const { body } = await request(path);
  return parseResponse(await body.text(), field);
}
