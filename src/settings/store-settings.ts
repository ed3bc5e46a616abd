import { Type } from '../contract/typebox.ts';
import { folderFormat } from './setting.ts';

/** Where images are stored. */
export const storeSettings = {
  store: Type.Enum(['fs', 's3'], {
    default: 'fs',
    description: 'Image store: fs, a folder, or s3, a bucket that any number of nodes can share.',
  }),
  dataDir: Type.String({
    ...folderFormat,
    default: './data',
    description: 'Folder of the fs store and of the disk cache.',
  }),
  s3Bucket: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$',
    expected: '2 to 63 letters, digits, dots, dashes and underscores such as my-images',
    default: '',
    defaultText: '',
    description:
      'Bucket of the s3 store. Credentials are read the same way as by AWS tools, for example from AWS_ACCESS_KEY_ID.',
  }),
  s3Endpoint: Type.String({
    pattern: '^https?://[^/?#@\\s]+/?$',
    expected: 'a URL without a path such as https://s3.example.org',
    default: '',
    defaultText: 'AWS',
    description: 'URL of the S3 service, such as https://s3.example.org.',
  }),
  s3Region: Type.String({
    pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
    expected: 'letters, digits and dashes such as eu-central-1',
    default: '',
    defaultText: 'AWS_REGION, or else us-east-1',
    description: 'Region of the bucket.',
  }),
  s3ForcePathStyle: Type.Boolean({
    defaultText: 'true with IMGWIRE_S3_ENDPOINT',
    description: 'Whether URLs name the bucket in the path instead of the host name.',
  }),
  sharedResults: Type.Boolean({
    default: true,
    description:
      'Whether nodes share results through the bucket, so each is made about once. A lifecycle rule for results/ limits their age.',
  }),
};
