// A request that finds only the beginning of what its session had: what it costs where the context is, and on replicas
// that hold an older one.
import { expect, it } from "vitest";
import { NONE } from "../../../../../src/core/base/none.js";
import { type Instant, NEVER, seconds } from "../../../../../src/core/base/units.js";
import { Engine } from "../../../../../src/core/engine/engine.js";
import { parseScenario, type ScenarioInput } from "../../../../../src/core/index.js";
import { emptyArrival } from "../arrival.js";

const POOL: ScenarioInput["pools"][string] = {
  replicas: 1,
  replica: {
    engine: "batching",
    profile: "llama-3.1-8b-h100",
    maxSequences: 8,
    kvTokens: "1M",
    kvBlockTokens: 1,
    prefixCache: true,
  },
};

interface Turn {
  /** Which of two replicas it goes to. */
  readonly to: "here" | "there";
  readonly input: number;
  readonly shared: number;
}

const OUTPUT = 100;

/** Cached tokens of each request of one session, a minute apart, and its seconds to the first token. */
function session(turns: readonly Turn[]): { cached: number[]; ttft: number[] } {
  const scenario = parseScenario({
    schemaVersion: 1,
    duration: "1h",
    inventory: { gpus: 8 },
    pools: { here: POOL, there: POOL },
    paths: {
      here: { model: "here", pool: "here", rank: 0 },
      there: { model: "there", pool: "there", rank: 0 },
    },
    traffic: {
      nobody: {
        arrivals: { process: "poisson", phases: [{ pause: "2h" }, { duration: 1, arrivalRate: 1 }] },
        // Caches are kept only where some source has contexts.
        prefix: { tokens: 1 },
        input: 1,
        output: 1,
        mix: { here: 1 },
      },
    },
  });
  const cached: number[] = [];
  const ttft: number[] = [];
  const engine: Engine = new Engine(scenario, {
    seed: "1",
    observer: {
      attempt: (event, slot, _, now) => {
        const { requests } = engine;
        if (event !== "first_token") return;
        cached.push(requests.cachedTokens(slot));
        ttft.push((now - requests.arrivedAt(slot)) / 1e6);
      },
    },
  });
  turns.forEach(({ to, input, shared }, index) => {
    const arrival = {
      ...emptyArrival(),
      account: 0,
      model: to,
      inputTokens: input,
      outputTokens: OUTPUT,
      maxTokens: 1000,
      session: 5,
      sharedTokens: shared,
      ticket: NONE,
    };
    engine.submit(arrival, 0, seconds(60 * (index + 1)) as number as Instant);
  });
  while (engine.nextEventAt < NEVER && engine.step());
  return { cached, ttft };
}

const FIRST = { to: "here", input: 10_000, shared: 0 } as const;
// Its context is the 10,000 tokens and the answer.
const NEXT = { to: "here", input: 10_500, shared: 10_100 } as const;

it("costs the prefill of what it lost, and the session goes on from there", () => {
  const whole = session([FIRST, NEXT]);
  const bust = session([FIRST, { ...NEXT, shared: 3000 }, { to: "here", input: 11_000, shared: 10_600 }]);
  // The last token that was made has no KV yet.
  const all = whole.cached[1]!;
  expect(all).toBeGreaterThanOrEqual(10_098);
  expect(all).toBeLessThanOrEqual(10_100);
  expect(bust.cached.slice(0, 2)).toEqual([0, 3000]);
  // What a cold prompt of 10,000 tokens takes, by the share that is lost.
  const perToken = whole.ttft[0]! / FIRST.input;
  expect((bust.ttft[1]! - whole.ttft[1]!) / (perToken * (all - 3000))).toBeGreaterThan(0.7);
  expect((bust.ttft[1]! - whole.ttft[1]!) / (perToken * (all - 3000))).toBeLessThan(1.3);
  expect(bust.cached[2]).toBeGreaterThanOrEqual(10_598);
});

it("is forgotten where an older context lies: a session that comes back there gets more than it should", () => {
  // A limit of the model: a cache knows how long a context is that it holds, not which of two it is. It takes a bust
  // (1.5 % of the requests), then a way back to a replica that had the session before and still holds it.
  const { cached } = session([
    FIRST,
    { to: "there", input: 10_500, shared: 10_100 },
    { to: "there", input: 11_000, shared: 3000 },
    { to: "here", input: 11_500, shared: 11_100 },
  ]);
  expect(cached.slice(0, 3)).toEqual([0, 0, 3000]);
  const [rightly, held] = [3000, 10_098];
  expect(cached[3]).toBeGreaterThan(rightly);
  expect(cached[3]).toBeGreaterThanOrEqual(held);
  // Never more than what is held there.
  expect(cached[3]).toBeLessThanOrEqual(10_100);
});
