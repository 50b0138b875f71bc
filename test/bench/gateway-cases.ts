// What deciding costs: the same fleet and load behind every policy, concurrency limit and queue rule, and behind the most
// expensive of each together. Bounds are wide, so that all do the same work.
import { namesOf } from "../../src/core/document/definition.js";
import { LIMITS } from "../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../../src/core/server/gateway/queue/registry.js";
import type { BenchCase } from "./bench-case.js";
import { fleetCase, type Gated } from "./cases.js";

const SPEC = { replicas: 16, outputTokens: 256 };
const WIDE = { maxQueue: 10_000, queueTimeout: "1h" };
const MOST = 100_000;

/** Options with which nothing is shed or held back at this load. */
const OPEN: Readonly<Record<string, object>> = {
  "any-of": { of: ["codel", "dagor", "cinnamon"].map((policy) => ({ policy, ...WIDE })) },
  aimd: { initial: MOST, most: MOST },
  vegas: { initial: MOST, most: MOST },
  gradient2: { initial: MOST, most: MOST },
  fixed: { most: MOST },
};

const open = (name: string) => OPEN[name] ?? {};
const admission = (policy: string) =>
  ({ policy, ...(policy === "any-of" ? {} : WIDE), ...open(policy) }) as NonNullable<Gated["admission"]>;
const concurrency = (limit: string) => ({ limit, ...open(limit) }) as NonNullable<Gated["concurrency"]>;
const discipline = (rule: string) => ({ rule }) as NonNullable<Gated["discipline"]>;

const NONE = { admission: admission("none") };

/** By what is in front of the pool: nothing first, and then the default. */
const GATED: readonly (readonly [name: string, gated: Gated])[] = [
  ["none", NONE],
  ["default", { admission: admission("trunk-reservation") }],
  ...namesOf(POLICIES).map((name) => [`policy ${name}`, { admission: admission(name) }] as const),
  ...namesOf(LIMITS).map((name) => [`limit ${name}`, { ...NONE, concurrency: concurrency(name) }] as const),
  ...namesOf(QUEUE_RULES).map((name) => [`rule ${name}`, { ...NONE, discipline: discipline(name) }] as const),
  [
    "any-of, predictive and apf",
    { admission: admission("any-of"), concurrency: concurrency("predictive"), discipline: discipline("apf") },
  ],
];

export function gatewayCases(requests: number): readonly BenchCase[] {
  return GATED.map(([name, gated]) => fleetCase({ ...SPEC, requests, gated }, name));
}
