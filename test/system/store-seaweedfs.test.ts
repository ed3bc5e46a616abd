import { startSeaweedFs } from '../store/engines/seaweedfs.ts';
import { testS3Store } from '../store/s3-suite.ts';

testS3Store('SeaweedFS', startSeaweedFs);
