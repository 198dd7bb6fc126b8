import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { callerEvent } from '../../lambda/shared/event';
import type { LambdaFunction, Outcome, Simulation } from './lambda';

/** How long API Gateway waits for a function at most. */
const INTEGRATION_TIMEOUT = 30_000;
/** A client that waited that long begins again. */
const CLIENT_PATIENCE = [1_000, 4_000, 12_000];

export type Endpoint = LambdaFunction<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

export interface Call {
  readonly endpoint: Endpoint;
  readonly caller: string;
  readonly path: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** The request has come to the edge, at that moment of the edge's clock. */
  readonly accepted?: (moment: number) => void;
  /** The API has answered, whether or not the client hears it. */
  readonly answered?: (answer: Answer) => void;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The HTTP API between clients and functions: its edges stamp what comes, each by its own clock. */
export class Gateway {
  private readonly edges: readonly number[];
  private requests = 0;

  constructor(private readonly simulation: Simulation, skew: number) {
    const { random } = simulation;
    this.edges = [random.int(-skew, skew), random.int(-skew, skew)];
  }

  /** Sends a request; the client hears the answer, or `undefined` where none comes in time. Exactly once. */
  send(call: Call, heard: (answer: Answer | undefined) => void): void {
    const { scheduler, random, faults } = this.simulation;
    let over = false;
    const tell = (answer: Answer | undefined) => {
      if (over) return;
      over = true;
      heard(answer);
    };
    scheduler.after(random.pick(CLIENT_PATIENCE), () => tell(undefined));
    if (faults.happens('request-lost')) return;
    scheduler.after(random.int(5, 60), () => this.arrive(call, tell));
  }

  private arrive(call: Call, tell: (answer: Answer) => void): void {
    const { scheduler, random, faults } = this.simulation;
    const moment = scheduler.now + random.pick(this.edges);
    call.accepted?.(moment);
    let answered = false;
    const answer = (given: Answer) => {
      if (answered) return;
      answered = true;
      call.answered?.(given);
      if (!faults.happens('answer-lost')) scheduler.after(random.int(5, 60), () => tell(given));
    };
    this.requests += 1;
    const event = eventOf(call, moment, `request-${this.requests}`);
    const delay = random.chance(0.05) ? random.int(10, 600) : random.int(1, 10);
    scheduler.after(delay, () => call.endpoint.invoke(event, (outcome) => answer(answerOf(outcome))));
    scheduler.after(INTEGRATION_TIMEOUT, () => answer({ status: 503, body: {} }));
  }
}

function answerOf(outcome: Outcome<APIGatewayProxyStructuredResultV2>): Answer {
  if (!outcome.ok) return { status: outcome.why === 'throttled' ? 503 : 500, body: {} };
  const { statusCode: status = 500, body } = outcome.result;
  return { status, body: body === undefined ? {} : JSON.parse(body) };
}

function eventOf({ caller, path, query, body, headers }: Call, timeEpoch: number, requestId: string): APIGatewayProxyEventV2 {
  const claims = { sub: caller, token_use: 'access' };
  return callerEvent({ claims, path, query, body: body === undefined ? undefined : JSON.stringify(body), headers, timeEpoch, requestId });
}
