import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Identity } from '../ports';
import { clientConfig, type Where } from './config';

export function stsIdentity(where: Where): Identity {
  const client = new STSClient(clientConfig(where));
  return {
    async whoAmI() {
      const { Account = 'unknown', Arn = 'unknown' } = await client.send(new GetCallerIdentityCommand({}));
      return { account: Account, arn: Arn };
    },
  };
}
