import { createHash } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/**
 * Set by test/store/with-ceph.ts: the settings of an S3 engine as JSON. Without the prefix of the service's variables.
 */
export const storeVariable = 'TEST_S3_SETTINGS';

/**
 * The settings for a service to use the store under test: none for the file system; for an S3 engine, a bucket derived
 * from the data folder, so a restarted service finds its images.
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
