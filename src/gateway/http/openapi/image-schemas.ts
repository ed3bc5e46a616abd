import { imageParams, imageQuery, imageRequestHeaders } from '../request/query.ts';
import { emptyResponse, headers, imageResponse, problemResponse, problemResponses } from './responses.ts';

const shared = {
  tags: ['images'],
  headers: imageRequestHeaders,
  params: imageParams,
  querystring: imageQuery,
};

const found = {
  ETag: headers.ETag,
  'Cache-Control': headers['Cache-Control'],
  'Accept-Ranges': headers['Accept-Ranges'],
  'Content-Disposition': headers['Content-Disposition'],
  Vary: headers.Vary,
};

export const preconditionFailedResponse = problemResponse('The image does not have the ETag that was asked for.');

const problems = {
  ...problemResponses('not_found', 'unsupported_format', 'unprocessable_image'),
  412: preconditionFailedResponse,
};

const notModified = emptyResponse('The client has this image already.', {
  ETag: headers.ETag,
  'Cache-Control': headers['Cache-Control'],
  Vary: headers.Vary,
});

export const headImageSchema = {
  ...shared,
  operationId: 'headImage',
  summary: 'Ask for the size and kind of an image',
  description: 'Answers as GET does, without the image.',
  response: {
    200: emptyResponse('The image is there.', { ...found, 'Content-Length': headers['Content-Length'] }),
    304: notModified,
    ...problems,
  },
};

export const getImageSchema = {
  ...shared,
  operationId: 'getImage',
  summary: 'Get an image, in any size and format',
  description:
    'Without a transformation parameter the image as it was uploaded, byte for byte; a Range header gets a part of it. With one or more, a new image made from it.',
  response: {
    200: imageResponse('The image.', found),
    206: imageResponse('The part of the image that Range asks for.', {
      ...found,
      'Content-Range': headers['Content-Range'],
    }),
    304: notModified,
    ...problems,
    416: problemResponse('The image has no such bytes', false, { 'Content-Range': headers['Content-Range'] }),
  },
};
