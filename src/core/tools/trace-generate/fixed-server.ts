// Sources of demand before a server without limits, which answers every request at one speed: what they ask for when
// nothing of a fleet is in their way. Knows no fleet, and no gateway.

import { NONE } from "../../base/none.js";
import { after, type Duration, type Instant, NEVER, seconds } from "../../base/units.js";
import { type Arrival, emptyArrival, type RequestEnd, type Source } from "../../demand/traffic/source.js";
import { EventQueue } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";

export interface ServerSpeed {
  /** Time to the first token. */
  readonly ttft: Duration;
  /** Generated tokens per second of a request, the first left out; infinity for an answer at the first token. */
  readonly tokensPerSecond: number;
}

/** As the stretch before the start of a generated population is answered. */
export const NOMINAL_SPEED: ServerSpeed = { ttft: seconds(1), tokensPerSecond: 60 };

/** A request and its answer. */
export interface Exchange extends Arrival {
  /** Index among the sources. */
  source: number;
  at: Instant;
  endedAt: Instant;
}

export interface FixedServerOptions {
  readonly speed: ServerSpeed;
  /** Requests from here on are not taken. */
  readonly until: Instant;
  /** Whether a request is answered in full; all are where left out. One that is not ends when it would have. */
  readonly completes?: (exchange: Exchange) => boolean;
}

/** Yields one request after another in the order of time. Sources with equal times go in their order. */
export function* serveAll(
  sources: readonly Source[],
  { speed, until, completes }: FixedServerOptions,
): Generator<Exchange, void, undefined> {
  const answers = new EventQueue(64);
  const pending = new Map<number, RequestEnd & { readonly source: Source }>();
  let number = 0;
  for (;;) {
    const source = firstOf(sources);
    const at = sources[source]?.nextAt ?? NEVER;
    if (answers.nextAt <= at && answers.size > 0) {
      answers.pop();
      const end = pending.get(answers.subject)!;
      pending.delete(answers.subject);
      end.source.ended?.(end, answers.time);
      continue;
    }
    if (at >= until || at === NEVER) return;
    const exchange = emptyExchange();
    sources[source]!.take(exchange);
    exchange.source = source;
    exchange.at = at;
    exchange.endedAt = after(at, serviceTime(exchange.outputTokens, speed));
    if (exchange.ticket !== NONE) {
      const completed = completes?.(exchange) ?? true;
      const { ticket, outputTokens } = exchange;
      pending.set(number, { ticket, completed, outputTokens, cost: 0, source: sources[source]! });
      answers.schedule(exchange.endedAt, Phase.completion, 0, number++);
    }
    yield exchange;
  }
}

function firstOf(sources: readonly Source[]): number {
  let first = 0;
  for (let index = 1; index < sources.length; index++) {
    if (sources[index]!.nextAt < sources[first]!.nextAt) first = index;
  }
  return first;
}

function serviceTime(outputTokens: number, { ttft, tokensPerSecond }: ServerSpeed): Duration {
  return (ttft + seconds(Math.max(0, outputTokens - 1) / tokensPerSecond)) as Duration;
}

function emptyExchange(): Exchange {
  return { ...emptyArrival(), source: 0, at: NEVER, endedAt: NEVER };
}
