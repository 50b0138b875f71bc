// Every law where an outage begins in the very instant in which something else happens in its pool: a start, a first
// token, a whole answer, a preemption, a timeout, an attempt called off, a step that only goes on. What completes then
// has completed before, and nothing else has happened yet.
import { expect, test } from "vitest";
import { REASONS } from "../../src/core/base/outcome.js";
import { NEVER } from "../../src/core/base/units.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { ServerEvent } from "../../src/core/server/service/event-kinds.js";
import type { Service } from "../../src/core/server/service/service.js";
import { CANARY_WORLD } from "../support/canary-world.js";
import { runChecked } from "../support/checker.js";
import { Draw } from "../support/draw.js";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";
import { withShortMemory } from "../support/world-changes.js";
import { seedsOf } from "../support/worlds.js";

const RANDOM = gear(4, 20);

const AGENTS = {
  ...CANARY_WORLD.traffic["agents"]!,
  output: { dist: "exponential", mean: 60 },
} as const;

/** Busy and short of memory, with callers that hedge and others that hardly wait. */
const BUSY: ScenarioInput = {
  ...CANARY_WORLD,
  duration: "2s",
  warmup: "500ms",
  pools: {
    shared: {
      ...CANARY_WORLD.pools["shared"]!,
      replicas: 1,
      replica: { engine: "batching", profile: "llama-3.1-8b-h100", maxSequences: 8, kvTokens: 900 },
      admission: { policy: "tail-drop", maxQueue: 8, queueTimeout: "200ms" },
    },
  },
  outages: [],
  traffic: {
    hedging: { ...AGENTS, client: { preset: "openai-node-6", hedgeAfter: "20ms" } },
    hasty: { ...AGENTS, client: { preset: "openai-node-6", timeout: "80ms" } },
  },
};

interface Happening {
  readonly pool: string;
  readonly at: number;
}

/** What happens in a world before its end, by kind: events of attempts, ends by their reason, and steps. */
function happenings(scenario: ScenarioInput, seed: string): Map<string, Happening[]> {
  const parsed = parseScenario(scenario);
  const found = new Map<string, Happening[]>();
  const pools = Object.keys(scenario.pools);
  const add = (kind: string, pool: number, at: number) => {
    if (at >= (parsed.duration ?? NEVER)) return;
    if (!found.has(kind)) found.set(kind, []);
    found.get(kind)!.push({ pool: pools[pool]!, at });
  };
  const engine: Engine = new Engine(parsed, {
    seed,
    stepByStep: true,
    readTrace: readRandomTrace,
    observer: {
      attempt: (event, slot, _, now, end) => {
        const pool = engine.service.parts.paths[engine.requests.tier(slot)]?.pool;
        if (pool !== undefined) add(end === undefined ? event : REASONS[end.reason]!.name, pool, now);
      },
    },
  });
  const { instances } = engine.service.parts.fleet;
  for (const [slot, replica] of instances.up()) {
    const wake = replica.wake.bind(replica);
    replica.wake = (now) => {
      add("step", instances.poolOf(slot), now);
      return wake(now);
    };
  }
  while (engine.step());
  return found;
}

/** An outage from the very instant on of something of that kind. */
function withOutageAt(scenario: ScenarioInput, { pool, at }: Happening, draw: Draw): ScenarioInput {
  const length = draw.pick([1, 1, 1000, Math.ceil(draw.magnitude(1, 1e5))]);
  return {
    ...scenario,
    outages: [...(scenario.outages ?? []), { pool, from: `${at}us`, for: `${length}us` }],
  };
}

/** Two outages, each at an instant of a world that had only those before; memory is short in every other world. */
function randomWorld(seed: string): ScenarioInput {
  const draw = new Draw(seed, "outage-instants");
  let scenario: ScenarioInput = { ...randomScenario(seed), outages: [] };
  if (draw.chance(0.5)) scenario = withShortMemory(scenario);
  for (let outage = 0; outage < 2; outage++) {
    const kinds = [...happenings(scenario, seed).values()];
    if (kinds.length > 0) scenario = withOutageAt(scenario, draw.pick(draw.pick(kinds)), draw);
  }
  return scenario;
}

/** Names of worlds in which an outage begins just when that happens; each is its own seed. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["outage-at-a-start", "started"],
  ["outage-at-a-first-token", "first_token"],
  ["outage-at-a-completion", "none"],
  ["outage-at-a-preemption", "preempted"],
  ["outage-at-a-client-timeout", "client_timeout"],
  ["outage-at-a-queue-timeout", "queue_timeout"],
  ["outage-at-a-lost-hedge", "hedge_lost"],
  ["outage-at-a-step", "step"],
]);

function world(seed: string): ScenarioInput {
  const kind = NAMED.get(seed);
  if (kind === undefined) return randomWorld(seed);
  const draw = new Draw(seed, "outage");
  return withOutageAt(BUSY, draw.pick(happenings(BUSY, seed).get(kind)!), draw);
}

const seeds = [...NAMED.keys(), ...seedsOf("outage-instants", RANDOM)];
const evicted: number[] = [];

everyLawOf(
  { name: "outage-instants", seeds, world },
  {
    look: ({ macro }) => evicted.push(macro.result?.all.reasons["outage"] ?? 0),
  },
);

test("outages take attempts along", () => {
  expectEnough(evicted.filter((count) => count > 0).length, seeds.length * 0.7);
});

test("an outage that acts before what completes with it is noticed", () => {
  const seed = "outage-at-a-completion";
  const scenario = world(seed);
  const at = Number.parseInt(String(scenario.outages![0]!.from), 10);
  const actsTooSoon = (): Seams => {
    let service: Service;
    return {
      calls: (calls) => {
        service = calls as Service;
        return calls;
      },
      replica: (replica) => {
        const wake = replica.wake.bind(replica);
        replica.wake = (now) => {
          if (now === at) service.handle(ServerEvent.outageBegins, 0, now);
          return wake(now);
        };
        return replica;
      },
    };
  };
  const messages = runChecked(scenario, seed, { plant: actsTooSoon }).violations.map(
    ({ law, message }) => `${law} ${message}`,
  );
  expect(messages).toContainEqual(expect.stringMatching(/^LAW-3 .* ended \(outage\) with its whole answer$/));
});
