// Continuous batching, as a scenario writes it: a step-time profile, the limits of a batch and the memory. What is left
// out is the profile's own machine's.
import * as z from "zod";
import { assert } from "../../../base/assert.js";
import type { Options } from "../../../document/definition.js";
import { count, fineDuration, share } from "../../../document/units.js";
import { engineVersionName } from "../../profile/engine-versions.js";
import { frontEnd } from "../../profile/front-end.js";
import { engineVersionOf, machineOf } from "../../profile/machine.js";
import { memoised } from "../../profile/memoised.js";
import { profile, resolveProfile } from "../../profile/registry.js";
import type { StepProfile } from "../../profile/step-profile.js";
import { defineEngine, type MeanRequest, type Occupation } from "../engine.js";
import type { KvOffload } from "../kv/host-memory.js";
import { wholeBlocks } from "../kv/memory.js";
import { MacroReplica } from "./macro-replica.js";
import type { BatchingOptions } from "./options.js";
import { StepReplica } from "./step-replica.js";
import { Workspace } from "./workspace.js";

const OPTIONS = {
  profile: profile.describe(
    "How long a step takes: a shipped profile by name, your own by its .json file, or one written out here.",
  ),
  maxSequences: count(1, 65_536)
    .exactOptional()
    .describe("Most sequences in one batch; default: the profile's own, where it has one."),
  maxBatchedTokens: count(1, 10_000_000)
    .exactOptional()
    .describe("Token budget of one step, at least maxSequences; default: the profile's own, or 2048."),
  maxPrefillSequences: count(1, 65_536)
    .prefault(8)
    .describe("Most sequences that prefill at a time; the others wait in the queue of the pool."),
  kvTokens: count(1, 1e12)
    .exactOptional()
    .describe("Capacity of the key-value cache, in tokens; default: the profile's own, where it has one."),
  kvBlockTokens: count(1, 65_536).prefault(16).describe("Tokens of one block of the key-value cache."),
  kvWatermark: share({ below: 1 })
    .prefault("1%")
    .describe("Share of the key-value cache that a start leaves free, for those inside to grow."),
  prefixCache: z
    .boolean()
    .prefault(true)
    .describe("Whether contexts stay, least recently used out first, for prompts that begin alike."),
  kvOffload: z
    .strictObject({
      tokens: count(1, 1e12).describe("Tokens of context that fit into the memory of the host."),
      loadPerToken: fineDuration().describe(
        "What a step takes longer for each token that comes back: bytes of its cache on a GPU over the rate of PCIe.",
      ),
    })
    .exactOptional()
    .describe(
      "Keeps the key-value cache of preempted sequences in the memory of the host. Left out: they are computed again.",
    ),
  engineVersion: engineVersionName
    .exactOptional()
    .describe(
      "Version of the engine: its stepAhead and frontEnd, see docs/profiles.md. Default: its profile's, or none, " +
        "which is synchronous with no time outside it: TTFT is then lower than an engine of today has it.",
    ),
  stepAhead: z
    .boolean()
    .exactOptional()
    .describe("Whether a step is scheduled while the one before it runs; default: as engineVersion does."),
  frontEnd: frontEnd
    .exactOptional()
    .describe("What calls take outside the engine; default: as engineVersion has it, or none."),
};

const NO_OFFLOAD: KvOffload = { tokens: 0, loadPerToken: 0 };

type BatchingSpec = Options<typeof OPTIONS>;

/** What a batch and the memory must be together, and what a profile without a machine leaves to the scenario. */
function checkTogether(replica: BatchingSpec, context: z.core.$RefinementCtx): void {
  const machine = machineOf(replica);
  const report = (path: keyof BatchingSpec, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { maxSequences = machine.maxSequences, maxBatchedTokens = machine.maxBatchedTokens } = replica;
  const needed = (maxSequences ?? 0) * machine.tokensPerSequence;
  if (maxBatchedTokens < needed) {
    const each = machine.tokensPerSequence === 1 ? "a token" : `${machine.tokensPerSequence} tokens`;
    report(
      "maxBatchedTokens",
      `a step gives each of ${maxSequences} sequences ${each}: it needs at least ${needed}`,
    );
  }
  for (const key of ["maxSequences", "kvTokens"] as const) {
    if (!machine.isWhole && replica[key] === undefined)
      report(key, "this profile does not say: give a number");
  }
  const { kvTokens = Number.POSITIVE_INFINITY, kvBlockTokens } = replica;
  if (kvTokens < kvBlockTokens) report("kvTokens", `not even one block of kvBlockTokens (${kvBlockTokens})`);
}

/** What the scenario says, and where it says nothing what the profile's own machine has. */
function batchingOptions(
  spec: BatchingSpec,
  profile: StepProfile,
): Omit<Required<BatchingOptions>, "chance"> {
  const maxSequences = spec.maxSequences ?? profile.node?.maxSequences;
  const kvTokens = spec.kvTokens ?? profile.node?.kvTokens;
  const maxBatchedTokens = spec.maxBatchedTokens ?? machineOf(spec).maxBatchedTokens;
  assert(
    maxSequences !== undefined && kvTokens !== undefined,
    "the schema asks for what a profile leaves open",
  );
  const { maxPrefillSequences, kvBlockTokens, kvWatermark, prefixCache, kvOffload = NO_OFFLOAD } = spec;
  const stepAhead = spec.stepAhead ?? engineVersionOf(spec).stepAhead;
  const ofBatch = { maxSequences, maxBatchedTokens, maxPrefillSequences };
  return { profile, ...ofBatch, kvTokens, kvBlockTokens, kvWatermark, prefixCache, kvOffload, stepAhead };
}

/**
 * A replica at its largest batch that memory and the asked-for speed allow: each request takes its share of the steps
 * that decode it, and the time its prompt adds to one.
 */
function occupationOf(spec: BatchingSpec, { input, output }: MeanRequest, slowest: number): Occupation {
  const profile = resolveProfile(spec.profile);
  const kvTokens = spec.kvTokens ?? profile.node?.kvTokens ?? Number.POSITIVE_INFINITY;
  const most = spec.maxSequences ?? profile.node?.maxSequences ?? 1;
  const context = input + output / 2;
  const step = (batch: number) => profile.base(batch, 0) + profile.slope(batch) * batch * context;
  let batch = Math.max(1, Math.min(most, Math.floor(kvTokens / (input + output))));
  while (batch > 1 && 1e6 / step(batch) < slowest) batch--;
  const prefill = profile.base(batch, Math.round(input)) - profile.base(batch, 0);
  const each =
    (output * step(batch)) / batch + Math.max(0, prefill) + profile.prefill((input * (input + 1)) / 2, 0);
  const basis = `profile ${profile.name}, ${batch} sequences a batch`;
  return { places: batch, seconds: (each * batch) / 1e6, isSteady: false, basis };
}

export const batching = defineEngine({
  name: "batching",
  summary: "Continuous batching, as vLLM and its like do it.",
  options: OPTIONS,
  refine: checkTogether,
  create(spec, { stepByStep, sharesContexts, openChance }) {
    const profile = resolveProfile(spec.profile);
    const given = batchingOptions(spec, profile);
    // Written out: engines forget the hidden class of a spread object with the last such object, and compile everything
    // that reads it anew for the next run.
    const options: Required<BatchingOptions> = {
      // All replicas of a pool share what they can, so that little memory is gone through for each event.
      profile: memoised(profile, given.maxSequences),
      maxSequences: given.maxSequences,
      maxBatchedTokens: given.maxBatchedTokens,
      maxPrefillSequences: given.maxPrefillSequences,
      kvTokens: given.kvTokens,
      kvBlockTokens: given.kvBlockTokens,
      kvWatermark: given.kvWatermark,
      // A context that no later request shares needs no keeping.
      prefixCache: given.prefixCache && sharesContexts,
      kvOffload: given.kvOffload,
      stepAhead: given.stepAhead,
      chance: openChance(),
    };
    const workspace = new Workspace(options);
    const Form = stepByStep ? StepReplica : MacroReplica;
    return {
      profile,
      slots: given.maxSequences,
      kvTokens: wholeBlocks(options),
      keepsContexts: options.prefixCache,
      work: workspace.work,
      create: (clock, listener) => new Form(options, clock, listener, workspace),
    };
  },
  occupationOf,
  frontEndOf: (spec) => spec.frontEnd ?? engineVersionOf(spec).frontEnd,
});
