import { requestExamples } from './asyncapi-examples.ts';

const request_id = '5b0c7a5e-2f4e-4d3c-9b56-7f5c3f0e7a11';
const { image_id } = requestExamples.info;
const png = { format: 'png', media_type: 'image/png', width: 1, height: 1, size: 69 } as const;
const created_at = '2026-01-31T12:00:00.000Z';

/** Responses to the example requests of the document, in this order. */
export const responseExamples = {
  UploadedImage: {
    status: 'success',
    message: 'Image uploaded successfully',
    request_id,
    image_id,
    created: true,
    ...png,
  },
  ImageInfo: {
    status: 'success',
    message: 'Image described successfully',
    request_id,
    ...png,
    frames: 1,
    orientation: 1,
    has_alpha: false,
    color_space: 'srgb',
    created_at,
  },
  ImagePage: {
    status: 'success',
    message: 'Images listed successfully',
    request_id,
    images: [{ image_id, size: png.size, created_at }],
  },
  VariantsReply: {
    image_id,
    variants: [
      {
        url: `/images/${image_id}?width=320&format=webp`,
        format: 'webp',
        media_type: 'image/webp',
        width: 320,
        height: 320,
        size: 306,
      },
    ],
  },
};
