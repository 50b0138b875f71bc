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
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { STEP_BY_STEP } from "../support/mode.js";

interface Exchange extends Arrival {
  readonly at: number;
  completed: boolean | undefined;
}

type Source = ScenarioInput["traffic"][string];
type Pool = ScenarioInput["pools"][string];

interface World {
  readonly pool?: Partial<Pool>;
  readonly client?: NonNullable<Source["client"]>;
  readonly more?: Partial<ScenarioInput>;
}

/** Sessions of some minutes that send out many agents, conversations, and programs that send on and off. */
const CALLERS: Source = {
  arrivals: { profile: "agentic", rate: 1.5 },
  accounts: { count: 12, skew: 1 },
  agent: {
    turns: { mu: 0.5, sigma: 0.5, most: 6 },
    requests: { mu: 1, sigma: 0.5, most: 10 },
    toolGap: [{ weight: 1, mu: 0, sigma: 0.5 }],
    humanGap: { mu: 1.5, sigma: 0.5, most: 60 },
    subAgents: { share: 0.4, requests: 3, gap: { mu: 0, sigma: 0.5 } },
    // Nothing is summed up, and a context is a line of requests.
    maxContext: 50_000_000,
  },
  chat: { gap: { mu: 1, sigma: 0.5, most: 60 } },
  maxInput: 50_000_000,
  ahead: "2m",
  mix: { standard: 0.7, priority: 0.3 },
};

function scenarioOf({ pool, client, more }: World): ScenarioInput {
  return {
    schemaVersion: 1,
    duration: "10m",
    inventory: { gpus: 1000 },
    pools: {
      shared: {
        replicas: 2,
        replica: { engine: "slots", slots: 2, tokensPerSecond: 100 },
        admission: { policy: "tail-drop", maxQueue: 0 },
        ...pool,
      },
    },
    paths: {
      standard: { model: "kimi", pool: "shared", rank: 1 },
      priority: { model: "kimi", serviceTier: "priority", pool: "shared", rank: 0 },
    },
    traffic: { callers: { ...CALLERS, ...(client !== undefined && { client }) } },
    ...more,
  };
}

/** Everything that the source says, and what it hears of it. */
function exchangesOf(world: World, seed: string): Exchange[] {
  const engine = new Engine(parseScenario(scenarioOf(world)), { seed, stepByStep: STEP_BY_STEP });
  const { source } = engine.world.demands[0]!;
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
  /** Lines of requests by what they begin with, each request once however often it was sent. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
  readonly gaveUp: number;
}

function demandOf(world: World, seed: string): Demand {
  const open: string[] = [];
  const contexts = new Map<number, Exchange[]>();
  let gaveUp = 0;
  for (const exchange of exchangesOf(world, seed)) {
    if (exchange.ticket === NONE) open.push(`${exchange.at} ${asked(exchange)}`);
    else contexts.set(exchange.session, [...(contexts.get(exchange.session) ?? []), exchange]);
    if (exchange.completed === false) gaveUp++;
  }
  const lines = new Map<string, readonly string[]>();
  for (const context of contexts.values()) {
    const line: string[] = [];
    context.forEach((exchange, index) => {
      const request = asked(exchange);
      // What was given up and is wanted all the same is wanted as it was.
      if (context[index - 1]?.completed === false) expect(request).toBe(line.at(-1));
      else line.push(request);
    });
    const first = line[0]!;
    expect(lines.has(first)).toBe(false);
    lines.set(first, line);
  }
  return { open, lines, gaveUp };
}

const RELAXED: World = {
  pool: { replicas: 400, replica: { engine: "slots", slots: 8, tokensPerSecond: 200 } },
};
const WORLDS: readonly World[] = [
  {},
  { client: "naive" },
  { client: { preset: "openai-node-6", timeout: "3s", hedgeAfter: "1s", budget: { ratio: 0.1 } } },
  {
    client: [
      { share: 0.5, preset: "aws-adaptive" },
      { share: 0.5, preset: "fixed", delay: "2s", maxRetries: 3 },
    ],
  },
  { pool: { admission: { policy: "trunk-reservation", maxQueue: 5, queueTimeout: "4s" } } },
  { pool: { replicas: 5, discipline: "fifo", admission: { policy: "none" } } },
  { more: { outages: [{ pool: "shared", from: "3m", for: "2m" }] } },
  { more: { limits: { requests: { rate: 0.05, burst: 3 } } } },
];

test("LAW-13: sessions ask for the same whatever policy, fleet and client, as far as they get", () => {
  let [compared, refused, shorter] = [0, 0, 0];
  fc.assert(
    fc.property(fc.nat(), (number) => {
      const seed = `closed-loop-${number}`;
      const relaxed = demandOf(RELAXED, seed);
      for (const [index, world] of WORLDS.entries()) {
        const other = demandOf(world, seed);
        const where = `world ${index} of seed ${seed}`;
        expect(other.open, where).toEqual(relaxed.open);
        refused += other.gaveUp;
        for (const [first, line] of other.lines) {
          const same = relaxed.lines.get(first);
          if (same === undefined) continue;
          const length = Math.min(line.length, same.length);
          expect(line.slice(0, length), where).toEqual(same.slice(0, length));
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
  // Without agents of its own, whose starts wait for answers, a session's first request is its start.
  const { subAgents: _, ...agent } = CALLERS.agent!;
  const single: Source = { ...CALLERS, agent: { ...agent, subAgents: { share: 0 } }, ahead: "0s" };
  const starts = (world: World) => {
    const seen = new Set<number>();
    const traffic = { callers: { ...single, ...(world.client !== undefined && { client: world.client }) } };
    return exchangesOf({ ...world, more: { ...world.more, traffic } }, "starts")
      .filter(({ ticket, session }) => ticket !== NONE && !seen.has(session) && seen.add(session))
      .map((exchange) => `${exchange.at} ${asked(exchange)}`);
  };
  const relaxed = starts(RELAXED);
  expect(relaxed.length).toBeGreaterThan(100);
  for (const world of WORLDS) expect(starts(world)).toEqual(relaxed);
});

test("LAW-4: a population runs the same way twice, and another way from another seed", () => {
  const run = (seed: string) => exchangesOf({ client: "openai-node-6" }, seed);
  expect(run("1")).toEqual(run("1"));
  expect(run("2")).not.toEqual(run("1"));
});

test("a population's memory does not grow with the run", () => {
  // No calls for help from the fleet: sessions end, and requests with them, as fast as they come.
  const capacityAfter = (duration: string) => {
    const scenario = parseScenario({ ...scenarioOf(RELAXED), duration });
    const engine = new Engine(scenario, { seed: "1", stepByStep: STEP_BY_STEP });
    let most = 0;
    const source = engine.world.demands[0]!.source as { readonly liveLines?: number };
    while (engine.step()) most = Math.max(most, source.liveLines ?? NEVER);
    return { capacity: engine.requests.capacity, most, opened: engine.requests.opened };
  };
  const [short, long] = [capacityAfter("20m"), capacityAfter("200m")];
  expect(long.opened).toBeGreaterThan(5 * short.opened);
  expect(long.capacity).toBe(short.capacity);
  expect(long.most).toBeLessThan(3 * short.most);
});
