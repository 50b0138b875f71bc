// Worlds of callers that continue from answers: sessions of some minutes that send out many agents, conversations, and
// programs that send on and off, on fleets and with clients that differ as much as can be.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";

type Source = ScenarioInput["traffic"][string];
type Pool = ScenarioInput["pools"][string];

export interface ClosedLoopWorld {
  readonly pool?: Partial<Pool>;
  readonly client?: NonNullable<Source["client"]>;
  readonly more?: Partial<ScenarioInput>;
}

const AGENT: NonNullable<Source["agent"]> = {
  turns: { mu: 0.5, sigma: 0.5, most: 6 },
  requests: { mu: 1, sigma: 0.5, most: 10 },
  toolGap: [{ weight: 1, mu: 0, sigma: 0.5 }],
  humanGap: { mu: 1.5, sigma: 0.5, most: 60 },
  subAgents: { share: 0.4, requests: 3, gap: { mu: 0, sigma: 0.5 } },
  // Nothing is summed up, and a context is one row of requests.
  maxContext: 50_000_000,
};

const CALLERS: Source = {
  arrivals: { workload: "agentic", rate: 1.5 },
  accounts: { count: 12, skew: 1 },
  agent: AGENT,
  chat: { gap: { mu: 1, sigma: 0.5, most: 60 } },
  maxInput: 50_000_000,
  mix: { standard: 0.7, priority: 0.3 },
};

export function closedLoopScenario({ pool, client, more }: ClosedLoopWorld): ScenarioInput {
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

/**
 * The same world where agents send out no others: a context's first request is the start of a session, or finds what
 * that had before the run.
 */
export function withoutSubAgents(world: ClosedLoopWorld): ClosedLoopWorld {
  const agent = { ...AGENT, subAgents: { share: 0 } };
  const client = world.client !== undefined && { client: world.client };
  const traffic = { callers: { ...CALLERS, agent, ...client } };
  return { ...world, more: { ...world.more, traffic } };
}

/** A fleet that never refuses. */
export const RELAXED: ClosedLoopWorld = {
  pool: { replicas: 400, replica: { engine: "slots", slots: 8, tokensPerSecond: 200 } },
};

/** Fleets and clients that do refuse, and give up, by name. */
export const CLOSED_LOOP_WORLDS: Readonly<Record<string, ClosedLoopWorld>> = {
  plain: {},
  naive: { client: "naive" },
  hedging: { client: { preset: "openai-node-6", timeout: "3s", hedgeAfter: "1s", budget: { ratio: 0.1 } } },
  mixed: {
    client: [
      { share: 0.5, preset: "aws-adaptive" },
      { share: 0.5, preset: "fixed", delay: "2s", maxRetries: 3 },
    ],
  },
  reserved: { pool: { admission: { policy: "trunk-reservation", maxQueue: 5, queueTimeout: "4s" } } },
  fifo: { pool: { replicas: 5, discipline: "fifo", admission: { policy: "none" } } },
  outage: { more: { outages: [{ pool: "shared", from: "3m", for: "2m" }] } },
  limited: { more: { limits: { requests: { rate: 0.05, burst: 3 } } } },
};
