import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchGetItemCommand, DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand, TransactWriteItemsCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Random } from '../../simulation/engine/random';
import { SimDynamo } from '../../simulation/services/dynamo/sim-dynamo';

/** How the services answer: what happens to an attempt of a call. */
export interface Behaviour {
  /** Attempts of each call up to this number are taken and never answered. */
  readonly hangingAttempts?: number;
  /** Only calls of these operations are disturbed. */
  readonly only?: readonly string[];
  /** Every answer takes that many milliseconds. */
  readonly delayMs?: number;
}

export interface Services {
  readonly url: string;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

const COMMANDS = {
  BatchGetItem: BatchGetItemCommand,
  DeleteItem: DeleteItemCommand,
  GetItem: GetItemCommand,
  PutItem: PutItemCommand,
  Query: QueryCommand,
  TransactWriteItems: TransactWriteItemsCommand,
  UpdateItem: UpdateItemCommand,
};

const TOKENS = { AccessToken: 'access', IdToken: 'id', RefreshToken: 'refresh', ExpiresIn: 900, TokenType: 'Bearer' };
const USER = {
  Username: 'ada@example.com',
  UserStatus: 'CONFIRMED',
  UserAttributes: [{ Name: 'sub', Value: 'user-1' }, { Name: 'email', Value: 'ada@example.com' }, { Name: 'name', Value: 'Ada' }],
};
/** What the user pool and KMS say, whatever they are asked; an operation that is not named here has an empty answer. */
const ANSWERS: Readonly<Record<string, object>> = {
  AdminInitiateAuth: { AuthenticationResult: TOKENS },
  GetTokensFromRefreshToken: { AuthenticationResult: TOKENS },
  AdminGetUser: USER,
  AdminCreateUser: { User: { ...USER, Attributes: USER.UserAttributes } },
  GetUser: USER,
  ListUsers: { Users: [{ ...USER, Attributes: USER.UserAttributes }] },
  GenerateMac: { Mac: Buffer.alloc(32, 7).toString('base64') },
};

/** All services of AWS that the handlers call, on one port: DynamoDB as the simulation has it, the others with one answer an operation. */
export async function startServices(): Promise<Services> {
  let behaviour: Behaviour = {};
  const dynamo = new SimDynamo(Object.assign(new Random(1), { chance: () => false }), Date.now);

  /** By the token that the SDK gives a transaction: another attempt is the same command. */
  const transactions = new Map<string, object>();

  function answer(operation: string, { ClientRequestToken: token, ...input }: any): object {
    const command = COMMANDS[operation as keyof typeof COMMANDS] as (new (given: object) => object) | undefined;
    if (command !== undefined) {
      const made = transactions.get(token) ?? new command(input);
      if (token !== undefined) transactions.set(token, made);
      return dynamo.execute(made);
    }
    if (operation === 'SendMessage') return { MessageId: '1', MD5OfMessageBody: createHash('md5').update(input.MessageBody).digest('hex') };
    return ANSWERS[operation] ?? {};
  }

  function respond(operation: string, body: string, response: ServerResponse): void {
    const send = (status: number, given: object) => response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(given));
    try {
      send(200, answer(operation, JSON.parse(body)));
    } catch (error) {
      const { name, message, ...fields } = error as Error;
      send(400, { __type: name, message, ...fields });
    }
  }

  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').pop() ?? '';
      const [, attempt] = /attempt=(\d+)/.exec(String(request.headers['amz-sdk-request'])) ?? [];
      const { hangingAttempts = 0, only, delayMs = 0 } = behaviour;
      const disturbed = only?.includes(operation) ?? true;
      if (disturbed && Number(attempt) <= hangingAttempts) return;
      setTimeout(() => respond(operation, Buffer.concat(chunks).toString(), response), disturbed ? delayMs : 0);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(next) { behaviour = next; },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
