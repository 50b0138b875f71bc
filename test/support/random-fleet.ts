// The fleet half of a random world: pools, admission, paths, limits. Draws the corners on purpose - one slot, no
// queue, a token budget with a single token to spare, memory for barely one request - because bugs live there.
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { type Draw, micros } from "./draw.js";
import { drawProfile } from "./random-profile.js";
import type { Lengths } from "./random-traffic.js";

type PoolInput = ScenarioInput["pools"][string];
type ReplicaInput = PoolInput["replica"];
type AdmissionInput = NonNullable<PoolInput["admission"]>;
type PathInput = ScenarioInput["paths"][string];
type LimitsInput = NonNullable<ScenarioInput["limits"]>;

export interface RandomPool {
  readonly spec: PoolInput;
  /** Requests per second that the whole pool can about serve. */
  readonly capacity: number;
  /** About how long one request is inside, seconds. */
  readonly stay: number;
  /** Machine work of one request, in sequence-steps: what a test run pays for it. */
  readonly effort: number;
}

interface RandomReplica {
  readonly replica: ReplicaInput;
  readonly capacity: number;
  readonly stay: number;
  readonly effort: number;
}

export function drawPool(draw: Draw, lengths: Lengths): RandomPool {
  const replicas = draw.chance(0.08) ? draw.whole(20, 70) : draw.whole(1, 6);
  const { replica, capacity, stay, effort } = draw.chance(0.35)
    ? drawSlots(draw, lengths)
    : drawBatching(draw, lengths);
  const gpus = draw.chance(0.2) ? { gpusPerReplica: draw.whole(1, 8) } : {};
  const spec: PoolInput = {
    replicas,
    ...gpus,
    replica,
    discipline: draw.pick(["priority", "fifo"]),
    ...(draw.chance(0.6) && { placement: drawPlacement(draw) }),
    signals: draw.chance(0.25) ? { period: micros(Math.max(0.02, stay * draw.magnitude(0.1, 10))) } : {},
  };
  return { spec, capacity: capacity * replicas, stay, effort };
}

function drawPlacement(draw: Draw): NonNullable<PoolInput["placement"]> {
  const strategy = draw.pick(["least-loaded", "power-of-two", "affinity"] as const);
  if (strategy !== "affinity" || draw.chance(0.5)) return strategy;
  return { strategy, affinitySlack: draw.pick([0, "10%", 1]) };
}

function drawSlots(draw: Draw, { input, output }: Lengths): RandomReplica {
  const slots = draw.pick([1, 2, 3, 8, 40]);
  // Round speeds with constant lengths make many things happen at the very same microsecond.
  const tokensPerSecond = draw.chance(0.5) ? draw.pick([10, 100, 1000]) : draw.real(5, 500);
  const prefill = draw.chance(0.5) ? Math.round(draw.magnitude(200, 20_000)) : undefined;
  const stay = output.mean / tokensPerSecond + (prefill === undefined ? 0 : input.mean / prefill);
  const replica: ReplicaInput = {
    engine: "slots",
    slots,
    tokensPerSecond,
    ...(prefill !== undefined && { prefillTokensPerSecond: prefill }),
  };
  return { replica, capacity: slots / stay, stay, effort: 10 };
}

function drawBatching(draw: Draw, lengths: Lengths): RandomReplica {
  const input = lengths.input.mean;
  const output = lengths.output.mean;
  const { written, profile } = drawProfile(draw);
  const { node, tokensPerSequence } = profile;
  const isBare = node !== undefined && draw.chance(0.4);
  const maxSequences = isBare ? node.maxSequences : draw.pick([1, 2, 4, 8, 16, 48]);
  const spare = draw.pick([0, 1, 16, 200, 2048]);
  const maxBatchedTokens = isBare ? node.maxBatchedTokens : maxSequences * tokensPerSequence + spare;
  // Room for prompts and not for the answers as well: a sequence that starts there is preempted later, or others are.
  const drawn = Math.round((input + output) * draw.pick([1.5, 2, 3, 4, 10, 100]) + 20);
  const kvTokens = isBare && draw.chance(0.5) ? node.kvTokens : drawn;
  const batch = Math.max(1, Math.min(maxSequences, Math.floor(kvTokens / (input + output))));
  const chunk = Math.min(input, Math.max(1, maxBatchedTokens - batch * tokensPerSequence + 1));
  const prefillSteps = Math.ceil(input / chunk);
  const step = (profile.base(batch, 0) + profile.slope(batch) * batch * (input + output / 2)) / 1e6;
  const perPrefillToken = Math.max(0, profile.base(1, 500) - profile.base(1, 0)) / 500 / 1e6;
  const stay = (output + prefillSteps) * step + input * perPrefillToken;
  const replica: ReplicaInput = {
    engine: "batching",
    profile: written,
    ...(!isBare && { maxSequences, maxBatchedTokens }),
    ...(kvTokens === drawn && { kvTokens }),
    maxPrefillSequences: draw.pick([1, 2, 8]),
    ...(draw.chance(0.7) && { kvBlockTokens: draw.pick([1, 7, 16, Math.min(64, kvTokens)]) }),
    ...(draw.chance(0.5) && { kvWatermark: draw.pick([0, "5%", "20%"]) }),
    ...(draw.chance(0.5) && { prefixCache: draw.chance(0.6) }),
  };
  return { replica, capacity: batch / stay, stay, effort: output + prefillSteps * batch };
}

/** `paths` are those that the pool serves. */
export function drawAdmission(draw: Draw, pool: RandomPool, paths: readonly string[]): AdmissionInput {
  const timeout = () => micros(pool.stay * draw.magnitude(0.01, 20));
  const length = () => draw.pick([0, 1, 2, 5, 20, 100]);
  const queue = {
    maxQueue: length(),
    queueTimeout: timeout(),
    displaceLower: draw.chance(0.7),
  };
  switch (draw.pick(["none", "tail-drop", "trunk-reservation", "trunk-reservation"])) {
    case "none":
      return {
        policy: "none",
        ...(draw.chance(0.5) && { maxQueue: draw.chance(0.5) ? "unlimited" : length() }),
        ...(draw.chance(0.5) && { queueTimeout: timeout() }),
      };
    case "tail-drop":
      return { policy: "tail-drop", ...queue };
    default: {
      const reserve = Object.fromEntries(
        paths.filter(() => draw.chance(0.6)).map((path) => [path, draw.pick(["0.1%", "5%", "30%", "99%"])]),
      );
      const isStated = draw.chance(0.7);
      const signal = draw.pick(["slots", "kv"] as const);
      // Of KV that is never short nothing can be kept.
      if (signal === "kv" && pool.spec.replica.engine === "slots") {
        return { policy: "trunk-reservation", ...queue, reserve: {} };
      }
      return { policy: "trunk-reservation", ...queue, ...(isStated && { reserve }), signal };
    }
  }
}

/** Two or three tiers of one model in the first pool, a model or two in each of the others. */
export function drawPaths(draw: Draw, pools: readonly string[]): Record<string, PathInput> {
  const price = () =>
    draw.chance(0.5)
      ? { price: { input: draw.real(0, 3), cached: draw.real(0, 1), output: draw.real(0, 9) } }
      : {};
  const shared = pools[0]!;
  const paths: Record<string, PathInput> = {
    standard: { model: "plain", pool: shared, rank: draw.pick([1, 1, 1, 7]), ...price() },
    priority: {
      model: "plain",
      serviceTier: "priority",
      pool: draw.pick([shared, shared, draw.pick(pools)]),
      rank: 0,
    },
  };
  if (draw.chance(0.4)) {
    paths["flex"] = {
      model: "plain",
      serviceTier: "flex",
      pool: shared,
      rank: draw.pick([0, 1, 9]),
      ...price(),
    };
  }
  for (const [index, pool] of pools.slice(1).entries()) {
    paths[`fast${index}`] = { model: `fast${index}`, pool, rank: draw.whole(0, 2), ...price() };
  }
  return paths;
}

export interface AccountDemand {
  /** Requests per second of an average account. */
  readonly rate: number;
  readonly lengths: Lengths;
  readonly maxOutput: number;
}

export function drawLimits(draw: Draw, { rate, lengths, maxOutput }: AccountDemand): LimitsInput {
  // Most limits are whole per minute, where buckets count exactly; one per hour is not.
  const unit = draw.chance(0.2) ? { name: "h", seconds: 3600 } : { name: "min", seconds: 60 };
  const refill = (amount: number) =>
    `${Math.max(1, Math.ceil(unit.seconds * rate * amount * draw.magnitude(0.2, 5)))}/${unit.name}`;
  const deep = (amount: number) => Math.ceil(amount * draw.magnitude(1, 200)) + 1;
  const limit = (amount: number) =>
    draw.chance(0.5) ? refill(amount) : { rate: refill(amount), burst: deep(amount) };
  const outputAccounting = draw.pick(["reserve-max", "reserve-expected", "post-charge"] as const);
  const reserved = outputAccounting === "reserve-max" ? maxOutput : lengths.output.mean;
  const requests = { rate: refill(1), burst: deep(1), scope: draw.pick(["account", "model"] as const) };
  const dimensions = {
    ...(draw.chance(0.6) && { requests }),
    ...(draw.chance(0.4) && { promptTokens: limit(lengths.input.mean) }),
    ...(draw.chance(0.4) && { uncachedPromptTokens: limit(lengths.input.mean) }),
    // A bucket too small for one request would refuse them all, and is no valid scenario.
    ...(draw.chance(0.5) && { generatedTokens: { rate: refill(reserved), burst: deep(reserved) } }),
  };
  const kept = {
    burst: micros(draw.magnitude(1, 120)),
    outputAccounting,
    ...(outputAccounting === "reserve-expected" && { expectedOutput: Math.ceil(lengths.output.mean) }),
    chargeShed: draw.chance(0.5),
  };
  // How limits are kept is nothing to say where there is none.
  return Object.keys(dimensions).length === 0 ? {} : { ...dimensions, ...kept };
}
