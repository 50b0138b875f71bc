// What random worlds do not draw of engines, for worlds of their own: memory of the host for preempted sequences, models
// laid out over several GPUs, steps that are scheduled ahead, engines by version, and time outside them. Changes a world
// and knows no laws; what a world is changed to is drawn from streams of its own, so that the world stays what it was.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { ProfileFile } from "../../src/core/server/profile/kinds.js";
import { Draw } from "./draw.js";
import { CALLER_KINDS } from "./random-callers.js";
import { QUOTA_KINDS } from "./random-limits.js";
import { randomScenario, type WorldSize } from "./random-scenario.js";
import { withFrontEnds } from "./world-changes.js";

type PoolInput = ScenarioInput["pools"][string];
type BatchingInput = Extract<PoolInput["replica"], { engine: "batching" }>;

/** The same world with its batching replicas changed; all else of its pools stays. */
function withBatching(
  scenario: ScenarioInput,
  change: (replica: BatchingInput) => BatchingInput,
): ScenarioInput {
  const pools = Object.entries(scenario.pools).map(([name, pool]) => {
    const { replica } = pool;
    return [name, replica.engine === "batching" ? { ...pool, replica: change(replica) } : pool] as const;
  });
  const { inventory } = scenario;
  // A model that is laid out over several takes more; fleets on nodes say for themselves what an instance takes.
  const roomy = "nodes" in inventory ? inventory : { gpus: 100_000 };
  return { ...scenario, inventory: roomy, pools: Object.fromEntries(pools) };
}

/** Most batching pools keep what preempted sequences had on the host, which has room for one block, for some or for all. */
export function withOffload(scenario: ScenarioInput, seed: string): ScenarioInput {
  const draw = new Draw(seed, "offload");
  return withBatching(scenario, (replica) => {
    if (draw.chance(0.2)) return replica;
    const tokens = draw.pick([1, 200, 5000, 1e9]);
    return { ...replica, kvOffload: { tokens, loadPerToken: draw.pick(["0s", "0.4us", "5us", "1ms"]) } };
  });
}

/** Batching replicas are some model's on several GPUs: each way to share one, and several at once. */
export function withParallel(scenario: ScenarioInput, seed: string): ScenarioInput {
  const draw = new Draw(seed, "parallel");
  return withBatching(scenario, (replica) => {
    if (draw.chance(0.2)) return replica;
    const { maxSequences = 16, kvTokens = 20_000 } = replica;
    // A profile that drafts may need more tokens a step than are left to one that does not.
    const maxBatchedTokens = Math.max(Number(replica.maxBatchedTokens ?? 512), Number(maxSequences));
    return { ...replica, profile: drawLayout(draw), maxSequences, maxBatchedTokens, kvTokens };
  });
}

function drawLayout(draw: Draw): ProfileFile {
  const [tensor, pipeline, data] = [draw.pick([1, 2, 4]), draw.pick([1, 1, 2, 3]), draw.pick([1, 1, 2])];
  const model = draw.pick(["llama-3.1-8b", "glm-5.1"] as const);
  const spread = tensor * data;
  return {
    schemaVersion: 1,
    name: "own-layout",
    source: "a random world",
    kind: "roofline",
    estimate: true,
    model,
    gpu: draw.pick(["h100", "b200"]),
    parallel: { tensor, pipeline, data, ...(model === "glm-5.1" && draw.chance(0.5) && { expert: spread }) },
  };
}

/** Some engines by name, which say all of it, and some that schedule ahead whatever their version. */
export function withEngines(scenario: ScenarioInput, seed: string): ScenarioInput {
  const draw = new Draw(seed, "engines");
  return withBatching(withFrontEnds(scenario, seed), ({ frontEnd, ...replica }) => {
    const isNamed = draw.chance(0.4);
    const engineVersion = draw.pick(["none", "vllm-0.10", "vllm-0.15", "sglang-0.5"] as const);
    return {
      ...replica,
      ...(!isNamed && frontEnd !== undefined && { frontEnd }),
      ...(isNamed && { engineVersion }),
      ...(draw.chance(0.5) && { stepAhead: draw.chance(0.8) }),
    };
  });
}

/** All of these, with callers in a hurry or at equal gaps, and with quotas by the calendar. */
export function withEverything(seed: string, size: WorldSize): ScenarioInput {
  const draw = new Draw(seed, "everything");
  const changes = [...draw.pick([[...CALLER_KINDS], []]), ...draw.pick([[...QUOTA_KINDS], []])];
  const called = changes.length === 0 ? [] : [draw.pick(changes)];
  const hurried = CALLER_KINDS.filter(([name]) => name === "callers-hurried");
  const world = [...called, ...hurried].reduce(
    (scenario, [, change]) => change(seed, scenario),
    randomScenario(seed, size),
  );
  return withEngines(withOffload(withParallel(world, seed), seed), seed);
}
