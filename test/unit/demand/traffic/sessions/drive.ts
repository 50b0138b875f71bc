// Runs a population against an imaginary server, for the tests of this folder.

import { NONE } from "../../../../../src/core/base/none.js";
import { type Instant, NEVER, START, seconds } from "../../../../../src/core/base/units.js";
import { AccountNames } from "../../../../../src/core/demand/traffic/accounts.js";
import { Contexts } from "../../../../../src/core/demand/traffic/contexts.js";
import {
  type PopulationOptions,
  PopulationSource,
} from "../../../../../src/core/demand/traffic/population/population.js";
import { SessionBook } from "../../../../../src/core/demand/traffic/session-book.js";
import { AGENT, CHAT, COMPLETION } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { EventQueue } from "../../../../../src/core/kernel/event-queue.js";
import { Phase } from "../../../../../src/core/kernel/phase.js";
import type { Seed } from "../../../../../src/core/random/stream.js";
import { emptyArrival, type TimedArrival } from "../arrival.js";

export const UNTIL = seconds(20_000) as number as Instant;

export function populationOptions(changes: Partial<PopulationOptions> = {}): PopulationOptions {
  return {
    name: "callers",
    rate: 2,
    accounts: { count: 20, skew: 1 },
    archetypes: { agent: 0.5, api: 0.35, chat: 0.15 },
    rates: { shape: {}, swings: [], cv: 1 },
    onOff: undefined,
    agent: AGENT,
    chat: CHAT,
    api: COMPLETION,
    mix: [{ model: "kimi", share: 1 }],
    mixBy: "request",
    subAgentMix: undefined,
    maxInput: 250_000,
    maxOutput: 32_000,
    until: UNTIL,
    book: new SessionBook(START, NEVER),
    ...changes,
  };
}

export function createPopulation(options: PopulationOptions, seed: Seed = "1"): PopulationSource {
  return new PopulationSource(options, seed, new AccountNames(), new Contexts());
}

/** A request and what became of it; an end of NaN: nothing so far. */
export interface Exchange extends TimedArrival {
  endedAt: number;
  completed: boolean;
}

interface Server {
  /** Seconds from a request to its end. */
  readonly service: (index: number, arrival: TimedArrival) => number;
  readonly isRefused?: (index: number, arrival: TimedArrival) => boolean;
  readonly onEnd?: (ticket: number, completed: boolean, now: Instant) => void;
}

/** All requests up to the time limit, in order. */
export function drive(source: PopulationSource, until: Instant, server: Server): Exchange[] {
  const answers = new EventQueue();
  const arrival = emptyArrival();
  const taken: Exchange[] = [];
  const inFlight = new Map<number, Exchange>();
  for (;;) {
    const isAnswer = answers.nextAt <= source.nextAt;
    const now = isAnswer ? answers.nextAt : source.nextAt;
    if (now === NEVER || now >= until) return taken;
    if (isAnswer) {
      answers.pop();
      const completed = answers.kind === 1;
      const ended = inFlight.get(answers.subject)!;
      ended.endedAt = now;
      ended.completed = completed;
      server.onEnd?.(answers.subject, completed, now);
      source.ended({ ticket: answers.subject, completed, outputTokens: 1, cost: 0.5 }, now);
      continue;
    }
    source.take(arrival);
    const index = taken.length;
    const exchange = { ...arrival, at: now, endedAt: Number.NaN, completed: false };
    taken.push(exchange);
    if (arrival.ticket === NONE) continue;
    inFlight.set(arrival.ticket, exchange);
    const end = (now + seconds(server.service(index, exchange))) as Instant;
    const isRefused = server.isRefused?.(index, exchange) === true;
    answers.schedule(end, Phase.completion, isRefused ? 0 : 1, arrival.ticket);
  }
}

/** The exchanges of each context, in order; those of programs, which have none, together. */
export function contextsOf(exchanges: readonly Exchange[]): Exchange[][] {
  const contexts = new Map<number, Exchange[]>();
  for (const exchange of exchanges) {
    const context = contexts.get(exchange.session) ?? [];
    context.push(exchange);
    contexts.set(exchange.session, context);
  }
  return [...contexts.values()];
}
