import { imageParams, imageQuery, imageRequestHeaders } from '../request/schemas.ts';
import { emptyResponse, imageResponse, problemResponse, problemResponses, responseHeaders } from './responses.ts';

const shared = {
  tags: ['images'],
  headers: imageRequestHeaders,
  params: imageParams,
  querystring: imageQuery,
};

const imageHeaders = {
  ETag: responseHeaders.ETag,
  'Cache-Control': responseHeaders['Cache-Control'],
  'Accept-Ranges': responseHeaders['Accept-Ranges'],
  'Content-Disposition': responseHeaders['Content-Disposition'],
  Vary: responseHeaders.Vary,
};

export const preconditionFailedResponse = problemResponse('The ETag of the image does not satisfy the condition.');

const imageProblems = {
  ...problemResponses('not_found', 'unsupported_format', 'unprocessable_image'),
  412: preconditionFailedResponse,
};

const notModified = emptyResponse('The client already has this image.', {
  ETag: responseHeaders.ETag,
  'Cache-Control': responseHeaders['Cache-Control'],
  Vary: responseHeaders.Vary,
});

export const headImageSchema = {
  ...shared,
  operationId: 'headImage',
  summary: 'Get the size and media type of an image',
  description: 'Like GET, without the body.',
  response: {
    200: emptyResponse('The image exists.', { ...imageHeaders, 'Content-Length': responseHeaders['Content-Length'] }),
    304: notModified,
    ...imageProblems,
  },
};

export const getImageSchema = {
  ...shared,
  operationId: 'getImage',
  summary: 'Get an image, in any size and format',
  description:
    'Without transformation parameters, returns the image as uploaded, byte for byte, or the part that a Range header selects. With any, returns a new image made from it.',
  response: {
    200: imageResponse('The image.', imageHeaders),
    206: imageResponse('The part of the image that Range selects.', {
      ...imageHeaders,
      'Content-Range': responseHeaders['Content-Range'],
    }),
    304: notModified,
    ...imageProblems,
    416: problemResponse('The range is outside of the image', false, {
      'Content-Range': responseHeaders['Content-Range'],
    }),
  },
};
