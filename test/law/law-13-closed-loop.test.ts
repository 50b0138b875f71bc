// LAW-13 where callers go on from answers: what a session asks for, one request after another, is its own. Policies,
// fleets and clients move its requests in time, and may end it; they never change one. What does not wait for answers,
// requests of programs and the starts of sessions, comes at the same instants whatever happens.
import fc from "fast-check";
import { expect, test } from "vitest";
import { NONE } from "../../src/core/base/none.js";
import { NEVER } from "../../src/core/base/units.js";
import type { Arrival, RequestEnd } from "../../src/core/demand/traffic/source.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import {
  CLOSED_LOOP_WORLDS,
  type ClosedLoopWorld,
  closedLoopScenario,
  RELAXED,
  withoutSubAgents,
} from "../support/closed-loop-worlds.js";

interface Exchange extends Arrival {
  readonly at: number;
  completed: boolean | undefined;
}

/** Everything that the source says, and what it hears of it. */
function exchangesOf(world: ClosedLoopWorld, seed: string): Exchange[] {
  const engine = new Engine(parseScenario(closedLoopScenario(world)), { seed, followed: "nothing" });
  const { source } = engine.demand.callers[0]!;
  const said: Exchange[] = [];
  const inFlight = new Map<number, Exchange>();
  const take = source.take.bind(source);
  const ended = source.ended!.bind(source);
  source.take = (arrival: Arrival) => {
    const at = source.nextAt;
    take(arrival);
    const exchange = { ...arrival, at, completed: undefined };
    said.push(exchange);
    if (arrival.ticket === NONE) return;
    expect(inFlight.has(arrival.ticket)).toBe(false);
    inFlight.set(arrival.ticket, exchange);
  };
  source.ended = (end: RequestEnd, now) => {
    const exchange = inFlight.get(end.ticket);
    expect(exchange).toBeDefined();
    exchange!.completed = end.completed;
    inFlight.delete(end.ticket);
    ended(end, now);
    expect(source.nextAt).toBeGreaterThanOrEqual(now);
  };
  while (engine.step());
  return said;
}

const asked = ({ account, model, serviceTier, inputTokens, outputTokens, ...rest }: Exchange) =>
  [
    ...[account, model, serviceTier ?? "", inputTokens, outputTokens, rest.maxTokens],
    ...[rest.prefix, rest.prefixTokens, rest.sharedTokens, rest.cachedTokens],
  ].join(" ");

interface Demand {
  /** Requests that wait for nothing, and when. */
  readonly open: readonly string[];
  /** Threads of requests by what they begin with, each request once however often it was sent. */
  readonly threads: ReadonlyMap<string, readonly string[]>;
  readonly gaveUp: number;
}

function demandOf(world: ClosedLoopWorld, seed: string): Demand {
  const open: string[] = [];
  const contexts = new Map<number, Exchange[]>();
  let gaveUp = 0;
  for (const exchange of exchangesOf(world, seed)) {
    if (exchange.ticket === NONE) open.push(`${exchange.at} ${asked(exchange)}`);
    else contexts.set(exchange.session, [...(contexts.get(exchange.session) ?? []), exchange]);
    if (exchange.completed === false) gaveUp++;
  }
  const threads = new Map<string, readonly string[]>();
  for (const context of contexts.values()) {
    const thread: string[] = [];
    context.forEach((exchange, index) => {
      const request = asked(exchange);
      // What was given up and is wanted all the same is wanted as it was.
      if (context[index - 1]?.completed === false) expect(request).toBe(thread.at(-1));
      else thread.push(request);
    });
    const first = thread[0]!;
    expect(threads.has(first)).toBe(false);
    threads.set(first, thread);
  }
  return { open, threads, gaveUp };
}

test("LAW-13: sessions ask for the same whatever policy, fleet and client, as far as they get", () => {
  let [compared, refused, shorter] = [0, 0, 0];
  fc.assert(
    fc.property(fc.nat(), (number) => {
      const seed = `closed-loop-${number}`;
      const relaxed = demandOf(RELAXED, seed);
      for (const [name, world] of Object.entries(CLOSED_LOOP_WORLDS)) {
        const other = demandOf(world, seed);
        const where = `world ${name} of seed ${seed}`;
        expect(other.open, where).toEqual(relaxed.open);
        refused += other.gaveUp;
        for (const [first, thread] of other.threads) {
          const same = relaxed.threads.get(first);
          if (same === undefined) continue;
          const length = Math.min(thread.length, same.length);
          expect(thread.slice(0, length), where).toEqual(same.slice(0, length));
          compared += length;
          if (length < same.length) shorter++;
        }
      }
    }),
    { seed: 14_082, numRuns: 3, endOnFailure: true },
  );
  expect([compared > 5000, refused > 500, shorter > 50]).toEqual([true, true, true]);
});

test("LAW-13: sessions start at the same instants whatever policy, fleet and client", () => {
  // Without agents of its own, whose starts wait for answers, a request that finds nothing of before is a start. One
  // that is sent again after a refusal asks for the same.
  const starts = (world: ClosedLoopWorld) => {
    const seen = new Set<number>();
    return exchangesOf(withoutSubAgents(world), "3")
      .filter(({ ticket, sharedTokens }) => ticket !== NONE && sharedTokens === 0)
      .filter(({ session }) => !seen.has(session) && seen.add(session))
      .map((exchange) => `${exchange.at} ${asked(exchange)}`);
  };
  const relaxed = starts(RELAXED);
  expect(relaxed.length).toBeGreaterThan(300);
  for (const [name, world] of Object.entries(CLOSED_LOOP_WORLDS)) {
    expect(starts(world), name).toEqual(relaxed);
  }
});

test("LAW-4: a population runs the same way twice, and another way from another seed", () => {
  const run = (seed: string) => exchangesOf({ client: "openai-node-6" }, seed);
  expect(run("1")).toEqual(run("1"));
  expect(run("2")).not.toEqual(run("1"));
});

test("a population's memory does not grow with the run", () => {
  // No calls for help from the fleet: sessions end, and requests with them, as fast as they come.
  const capacityAfter = (duration: string) => {
    const scenario = parseScenario({ ...closedLoopScenario(RELAXED), duration });
    const engine = new Engine(scenario, { seed: "1" });
    let most = 0;
    const source = engine.demand.callers[0]!.source as { readonly liveThreads?: number };
    while (engine.step()) most = Math.max(most, source.liveThreads ?? NEVER);
    return { capacity: engine.requests.capacity, most, opened: engine.requests.opened };
  };
  const [short, long] = [capacityAfter("20m"), capacityAfter("200m")];
  expect(long.opened).toBeGreaterThan(5 * short.opened);
  expect(long.capacity).toBe(short.capacity);
  expect(long.most).toBeLessThan(3 * short.most);
});
