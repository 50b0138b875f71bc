// The tables of policies in docs/gateway.md, written from their definitions and from runs of each on the same logs.
import { parseScenario, type RunResult, type ScenarioInput, simulate } from "../../src/core/index.js";
import { POLICIES } from "../../src/core/server/gateway/policies/registry.js";
import { markdownTable } from "./markdown.js";

/** What each does, whether it orders by priority, and its sources. */
export function policyTable(): string {
  const rows = POLICIES.map(({ name, summary, ordersByPriority, ...more }) => {
    const sources = ("sources" in more ? (more.sources ?? []) : []) as readonly {
      text: string;
      date: string;
    }[];
    const from = sources.map(({ text, date }) => `${text} (${date})`).join("; ");
    return [`\`${name}\``, summary, ordersByPriority ? "yes" : "no", from === "" ? "ours" : from];
  });
  return markdownTable(["policy", "what", "orders by priority", "source"], rows);
}

type Admission = NonNullable<ScenarioInput["pools"][string]["admission"]>;

/** With their defaults, but for those that have none. */
const COMPARED: readonly Admission[] = POLICIES.map(({ name }) =>
  name === "any-of"
    ? { policy: name, of: [{ policy: "codel" }, { policy: "saturation" }] }
    : ({ policy: name } as Admission),
);

type Source = Pick<ScenarioInput["traffic"][string], "arrivals" | "mix">;

const EVEN = { priority: 0.2, standard: 0.5, background: 0.3 };

/** What comes in each log: the same calls whatever the policy, as none is tried again. About nine a second are served. */
const LOGS: Readonly<Record<string, Source>> = {
  "1.1x load": { arrivals: { process: "poisson", rate: 10 }, mix: EVEN },
  "0.6x load, in bursts": { arrivals: { process: "gamma", cv: 6, rate: 5.6 }, mix: EVEN },
  "1.1x load, most of it Priority": {
    arrivals: { process: "poisson", rate: 10 },
    mix: { priority: 0.8, standard: 0.1, background: 0.1 },
  },
};

function world(admission: Admission, source: Source): ScenarioInput {
  return {
    schemaVersion: 1,
    duration: "2m",
    warmup: "30s",
    inventory: { gpus: 1 },
    pools: {
      shared: {
        replicas: 1,
        replica: {
          engine: "batching",
          profile: "llama-3.1-8b-h100",
          maxSequences: 64,
          maxBatchedTokens: 2048,
        },
        admission,
      },
    },
    paths: {
      priority: { model: "m", serviceTier: "priority", pool: "shared", rank: 0 },
      standard: { model: "m", pool: "shared", rank: 1 },
      background: { model: "m", serviceTier: "flex", pool: "shared", rank: 2 },
    },
    traffic: {
      calls: {
        ...source,
        input: { dist: "lognormal", median: 1500, sigma: 0.6 },
        output: { dist: "lognormal", median: 300, sigma: 0.5 },
      } as ScenarioInput["traffic"][string],
    },
  };
}

/** The shares of attempts of each tier that were shed, and how long half of Standard waited for a first token. */
function cell({ tiers }: RunResult): string {
  const shed = tiers.map(({ overloadedRate }) => (100 * (overloadedRate ?? 0)).toFixed(1));
  const wait = tiers[1]!.ttft.p50;
  return `${shed.join(" / ")}, ${wait === null ? "none" : `${wait.toFixed(2)} s`}`;
}

export interface PolicyMatrix {
  readonly logs: readonly string[];
  /** By policy, and in it by log. */
  readonly cells: readonly (readonly [policy: string, cells: readonly string[]])[];
}

export function policyMatrix(): PolicyMatrix {
  const cells = COMPARED.map((admission) => {
    const runs = Object.values(LOGS).map((source) => cell(simulate(parseScenario(world(admission, source)))));
    return [admission.policy, runs] as const;
  });
  return { logs: Object.keys(LOGS), cells };
}

export function matrixTable({ logs, cells }: PolicyMatrix): string {
  return markdownTable(
    ["policy", ...logs],
    cells.map(([policy, row]) => [`\`${policy}\``, ...row]),
  );
}
