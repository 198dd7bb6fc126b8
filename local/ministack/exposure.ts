import { randomBytes } from 'node:crypto';
import { AwsClient } from '../aws/client';
import { DEFAULT_REGION } from '../safety/environment';

/** Said of an emulator that another program started and that takes any key. */
export const EXPOSED = 'The emulator takes requests of every web page that is open on this machine, signed with no secret at all: such a page can run '
  + 'code here as you. Only an emulator that `trinity-local` starts, or that of docker-compose.yml, refuses them.';

/** Whether an emulator does what a page asks of it: here, with a secret that cannot be right and the Origin of a page. */
export async function isExposed(endpoint: string): Promise<boolean> {
  const credentials = { accessKeyId: 'test', secretAccessKey: randomBytes(20).toString('hex') };
  const aws = new AwsClient({ endpoint, region: DEFAULT_REGION, credentials, clock: Date.now });
  try {
    const { status } = await aws.send('lambda', 'GET', '/2015-03-31/functions/', '', { origin: 'https://page.invalid' });
    return status < 300;
  } finally {
    aws.close();
  }
}
