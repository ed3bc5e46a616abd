import { startCeph } from '../store/engines/ceph.ts';
import { testS3Store } from '../store/s3-suite.ts';

testS3Store('Ceph', startCeph);
