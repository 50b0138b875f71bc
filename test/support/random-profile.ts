// Step-time profiles for random worlds: four numbers, a shipped one by name, or a whole file written into the scenario,
// with and without speculative decoding. Each comes ready to be asked too, so that a world can be sized by it.

import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import type { ProfileFile } from "../../src/core/server/profile/kinds.js";
import { linearProfile } from "../../src/core/server/profile/linear.js";
import { PROFILE_NAMES, profileFileByName, resolveProfile } from "../../src/core/server/profile/registry.js";
import type { StepProfile } from "../../src/core/server/profile/step-profile.js";
import type { Draw } from "./draw.js";

type ReplicaInput = Extract<ScenarioInput["pools"][string]["replica"], { engine: "batching" }>;

export interface RandomProfile {
  /** As a scenario writes it. */
  readonly written: ReplicaInput["profile"];
  readonly profile: StepProfile;
}

export function drawProfile(draw: Draw): RandomProfile {
  if (draw.chance(0.5)) return drawLinear(draw);
  if (draw.chance(0.6)) {
    const written = draw.pick([...WRITTEN, "llama-3.1-8b-h100", "llama-3.1-8b-fast-h100"] as const);
    return { written, profile: resolveProfile(written) };
  }
  const written = draw.pick([drawMeasured, drawRoofline, drawTable])(draw);
  return { written, profile: resolveProfile(written) };
}

/** The names as the scenario's types know them. */
const WRITTEN = PROFILE_NAMES as readonly Extract<ReplicaInput["profile"], string>[];

function drawLinear(draw: Draw): RandomProfile {
  const base = draw.magnitude(1e-4, 2e-2);
  const seconds = {
    base,
    perSequence: draw.chance(0.3) ? 0 : base * draw.real(0, 0.1),
    perContextToken: draw.chance(0.3) ? 0 : base * draw.magnitude(1e-6, 1e-4),
    perPrefillToken: base * draw.magnitude(1e-4, 1e-2),
  };
  // In nanoseconds' precision, so that steps are no whole number of microseconds.
  const entries = Object.entries(seconds).map(
    ([key, value]) => [key, `${(value * 1e6).toFixed(3)}us`] as const,
  );
  const spec = {
    base: base * 1e6,
    perSequence: seconds.perSequence * 1e6,
    perContextToken: seconds.perContextToken * 1e6,
    perPrefillToken: seconds.perPrefillToken * 1e6,
  };
  const written = Object.fromEntries(entries) as Record<keyof typeof seconds, string>;
  return { written, profile: linearProfile(spec) };
}

/** A measured one with its own draft and its own luck. */
function drawMeasured(draw: Draw): ProfileFile {
  const shipped = profileFileByName("llama-3.1-8b-h100");
  if (shipped.kind !== "measured") throw new Error("the profile is a measured one");
  const { node, ...file } = shipped;
  const speculative = {
    tokens: draw.whole(1, 5),
    acceptance: draw.pick([0, 0.3, 0.7, 1]),
    draft: { base: 0.9, perSequence: 0.002, perContextToken: 1e-5, perPrefillToken: 0.002 },
  };
  const roomy = node !== undefined && draw.chance(0.5) ? { node } : {};
  return { ...file, ...roomy, name: "own-measured", ...(draw.chance(0.7) && { speculative }) };
}

function drawRoofline(draw: Draw): ProfileFile {
  return {
    schemaVersion: 1,
    name: "own-roofline",
    source: "a random world",
    kind: "roofline",
    estimate: true,
    model: draw.pick(["llama-3.1-8b", "glm-5.1", "kimi-k2.6"]),
    gpu: draw.pick(["h100", "h200", "b200"]),
    gpus: 8,
    node: { maxSequences: draw.pick([4, 32]), maxBatchedTokens: 512, kvTokens: draw.pick([2000, 100_000]) },
    ...(draw.chance(0.5) && { speculative: { tokens: 2, acceptance: 0.6, draft: { layers: 1 } } }),
  };
}

function drawTable(draw: Draw): ProfileFile {
  const slow = draw.real(0.5, 4);
  return {
    schemaVersion: 1,
    name: "own-table",
    source: "a random world",
    kind: "table",
    estimate: false,
    decode: [
      { sequences: 1, context: 1000, ms: 5 * slow },
      { sequences: 1, context: 3000, ms: 5.2 * slow },
      { sequences: 9, context: 9000, ms: 7.3 * slow },
      { sequences: 9, context: 19_000, ms: 9.3 * slow },
    ],
    prefill: [
      { tokens: 100, prior: 0, ms: 6 * slow },
      { tokens: 300, prior: 0, ms: 10 * slow },
      { tokens: 100, prior: 1000, ms: 6.1 * slow },
    ],
  };
}
