export {
  type Client,
  type ClientOptions,
  createClient,
  type ImageInfo,
  type ListOptions,
  type MadeVariant,
  type StoredImage,
  type UploadedImage,
  type UploadOptions,
} from './client.ts';
export { type ErrorDetails, ImgwireError } from './error.ts';
export { type GrantOptions, type SignOptions, signUrl, uploadGrant } from './sign.ts';
export type { OnProgress } from './upload.ts';
export { imageSrcset, imageUrl, type Parameters, type SrcsetOptions, type UrlOptions } from './url.ts';
