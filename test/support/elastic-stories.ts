// The scenarios that tell of a fleet that lags, breaks and is rebuilt, and of what its callers are told. Of each the
// settings that take away what makes its story true, with the threshold that then fails; and the table of both for its
// page in docs/scenarios/.
import { join } from "node:path";
import type { RunResult } from "../../src/core/index.js";
import { defaultSeeds } from "../../src/core/internal.js";
import { observedValue } from "../../src/core/report/text/text.js";
import { runStudy } from "../../src/node/run/study.js";
import { loadCheckedScenario } from "../../src/node/scenario-file.js";
import { markdownTable } from "./markdown.js";

export interface Without {
  /** As --set takes it; several at once. */
  readonly set: string | readonly string[];
  /** The threshold that fails then: metric and expression. */
  readonly fails: readonly [metric: string, expression: string];
}

export interface ElasticStory {
  readonly name: string;
  /** The first takes its mechanism away. */
  readonly without: readonly [Without, ...Without[]];
}

const STANDARD = "overloaded_rate{tier:standard,per:attempt}";
const NEXT = "overloaded_rate{tier:next,per:attempt}";

export const ELASTIC_STORIES: readonly ElasticStory[] = [
  { name: "autoscale-lag", without: [{ set: "pools.shared.coldStart=none", fails: [STANDARD, "rate>5%"] }] },
  {
    name: "cold-start",
    without: [
      { set: "pools.zero.coldStart=none", fails: ["ttft{tier:zero}", "p(50)>=60s"] },
      { set: "pools.asleep.warmPool=0", fails: ["ttft{tier:asleep}", "p(95)<60s"] },
    ],
  },
  {
    name: "model-launch",
    without: [
      { set: "pools.next.displaces=[]", fails: [NEXT, "rate<35%"] },
      { set: "pools.next.launchAhead=0s", fails: [NEXT, "rate<35%"] },
    ],
  },
  { name: "node-loss", without: [{ set: "inventory.nodes.h100.count=3", fails: [STANDARD, "rate<35%"] }] },
  {
    name: "spot-storm",
    without: [
      { set: "pools.shared.nodes=[ondemand]", fails: [STANDARD, "rate!=0"] },
      { set: "pools.shared.nodes=[spot]", fails: [STANDARD, "rate<70%"] },
    ],
  },
  {
    name: "provider-incident",
    without: [
      { set: "faults=", fails: ["unavailable_rate{tier:standard,per:attempt}", "rate!=0"] },
      { set: "traffic.callers.client=none", fails: ["failure_rate{tier:standard}", "rate<3%"] },
    ],
  },
  {
    name: "one-429-or-three",
    without: [
      { set: "provider=legacy-429", fails: ["failure_rate{source:agents}", "rate==0"] },
      { set: ["provider=legacy-429", "retryAfter={}"], fails: ["misread_rate", "rate==0"] },
      { set: "retryAfter={}", fails: ["amplification{source:script}", "value<1.6"] },
    ],
  },
  {
    name: "stale-herd",
    without: [
      { set: "pools.shared.placement.signals.period=0s", fails: ["ttft{tier:standard}", "p(95)>500ms"] },
      { set: "pools.shared.placement.countSent=true", fails: ["ttft{tier:standard}", "p(95)>500ms"] },
      { set: "pools.shared.placement.strategy=power-of-two", fails: ["ttft{tier:standard}", "p(95)>500ms"] },
    ],
  },
];

/** What is set, one by one, and as the command line has it. */
export const settingsOf = ({ set }: Pick<Without, "set">): readonly string[] => [set].flat();
export const flagsOf = (without: Pick<Without, "set">): string =>
  settingsOf(without)
    .map((one) => `--set '${one}'`)
    .join(" ");

/** As `surgefleet run` runs it, on all its seeds. */
export async function runStory(name: string, settings: readonly string[] = []): Promise<RunResult> {
  const path = join(import.meta.dirname, "../../scenarios", `${name}.yaml`);
  const loaded = loadCheckedScenario(path, settings);
  const replications = { kind: "fixed", count: defaultSeeds(loaded.scenario) } as const;
  const { result } = await runStudy(loaded, { replications, workers: 1 });
  if (result === undefined) throw new Error(`${name} gave no result`);
  return result;
}

const HEAD = "threshold";

/** A row per threshold, a column as it is written and one for each setting. */
export function storyTable({ without }: ElasticStory, results: readonly RunResult[]): string {
  const columns = ["as written", ...without.map((one) => `\`${flagsOf(one)}\``)];
  const rows = results[0]!.thresholds.map(({ metric, expression }, index) => [
    `\`${metric}\` \`${expression}\``,
    ...results.map(({ thresholds }) => {
      const one = thresholds[index]!;
      return `${one.verdict}: ${observedValue(one)}`;
    }),
  ]);
  return markdownTable([HEAD, ...columns], rows);
}
