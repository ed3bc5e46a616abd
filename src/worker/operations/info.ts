import { formats } from '../../contract/formats.ts';
import type { Operation, OperationContext } from './operation.ts';

export function createInfo({ config, store, images }: OperationContext): Operation<'info'> {
  return async (request, inlineImage, stages, signal) => {
    const { bytes, createdAt } = await (inlineImage === undefined
      ? stages.run('store', () => store.read(request.image_id as string, signal))
      : { bytes: inlineImage, createdAt: undefined });
    const { format, width, height, frames, orientation, hasAlpha, colorSpace } = await stages.run('inspect', () =>
      images.inspect(bytes, config),
    );
    return {
      fields: {
        format,
        media_type: formats[format].mediaType,
        width,
        height,
        size: bytes.length,
        frames,
        orientation,
        has_alpha: hasAlpha,
        color_space: colorSpace,
        ...(createdAt === undefined ? {} : { created_at: createdAt.toISOString() }),
      },
    };
  };
}
