import { problemDetail } from './format.js';

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
 *
 * @typedef {object} Settings
 * @property {string[]} mediaTypes
 * @property {number} maxUploadBytes
 * @property {string} zmqEndpoint
 * @property {Record<string, string>} aliases from a short name to its parameter
 * @property {Parameter[]} parameters
 *
 * @typedef {{ image_id: string, size: number }} StoredImage
 * @typedef {{ format: string, width: number, height: number, size: number, frames: number }} Info
 */

/** Settings of the server that the page depends on. */
export const settings = /** @type {Settings} */ (await getJson('/assets/settings.json'));

/**
 * @param {string} [cursor]
 * @returns {Promise<{ images: StoredImage[], next_cursor?: string }>}
 */
export function listImages(cursor) {
  const query = new URLSearchParams({ limit: '24', ...(cursor === undefined ? {} : { cursor }) });
  return getJson(`/images?${query}`);
}

/**
 * @param {string} id
 * @returns {Promise<Info>}
 */
export function describeImage(id) {
  return getJson(`/images/${id}/info`);
}

/** @param {string} id */
export async function deleteImage(id) {
  await succeeded(await fetch(`/images/${id}`, { method: 'DELETE' }));
}

/**
 * Path of an image, or of one made from it.
 * @param {string} id
 * @param {Record<string, string | number | boolean>} [parameters]
 */
export function imagePath(id, parameters = {}) {
  const entries = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
  const query = String(new URLSearchParams(entries));
  return `/images/${id}${query && `?${query}`}`;
}

/**
 * @param {Response} response
 * @throws {Error} with the detail of the problem
 */
export async function succeeded(response) {
  if (!response.ok) throw new Error(problemDetail(await response.text(), response.status));
  return response;
}

/** @param {string} path */
async function getJson(path) {
  return (await succeeded(await fetch(path))).json();
}
