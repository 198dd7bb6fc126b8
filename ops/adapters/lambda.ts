import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { RecountResult } from '../../src/voting/contract';
import { OpsError } from '../errors';
import type { Recounts } from '../ports';
import { clientConfig, type Where } from './config';

/** A little more than a function may run. */
const PATIENCE_MS = 905_000;

export function lambdaRecounts(where: Where): Recounts {
  // A retry would begin a second recount beside the first.
  const client = new LambdaClient({ ...clientConfig(where), maxAttempts: 1, requestHandler: { requestTimeout: PATIENCE_MS } });
  return {
    async recount(functionName, request, abortSignal) {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) });
      const { FunctionError, Payload } = await client.send(command, { abortSignal });
      const answer: unknown = JSON.parse(Payload === undefined || Payload.length === 0 ? 'null' : Buffer.from(Payload).toString('utf8'));
      if (FunctionError === undefined) return answer as RecountResult;
      const { errorType = FunctionError, errorMessage = '' } = (answer ?? {}) as { errorType?: string; errorMessage?: string };
      if (errorMessage.startsWith('There is no poll')) throw new OpsError(`${errorMessage}.`, 'Look at both ids; with --poll alone the room is looked for.');
      throw new OpsError(
        `The recount of poll ${request.pollId} failed: ${errorType} ${errorMessage}`.trim(),
        `Look at room and poll, then at the log of the function ${functionName}.`,
      );
    },
  };
}
