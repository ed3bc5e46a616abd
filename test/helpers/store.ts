import { createHash } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** Set by test/store/with-ceph.ts: settings of an S3 engine, as JSON. Does not begin as the service's own variables do. */
export const storeVariable = 'TEST_S3_SETTINGS';

/**
 * What a service of a test needs to use the store that the tests run with: nothing for the folder; for an engine, the
 * bucket that belongs to its data folder, so that a service started again finds its images.
 */
export async function storeSettings(
  dataDir: string,
  given: Record<string, string> = {},
): Promise<Record<string, string>> {
  const text = process.env[storeVariable];
  if (text === undefined || given.IMGWIRE_STORE === 'fs') return {};
  const settings = JSON.parse(text) as Record<string, string>;
  const client = new S3Client({
    endpoint: settings.IMGWIRE_S3_ENDPOINT as string,
    region: settings.IMGWIRE_S3_REGION as string,
    forcePathStyle: true,
    credentials: {
      accessKeyId: settings.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: settings.AWS_SECRET_ACCESS_KEY as string,
    },
  });
  const Bucket = `test-${createHash('sha256').update(dataDir).digest('hex').slice(0, 32)}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  return { ...settings, IMGWIRE_S3_BUCKET: Bucket };
}
