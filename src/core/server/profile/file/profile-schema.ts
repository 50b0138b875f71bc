// The profile file, version 1, key by key: how long a step of a replica takes. docs/profiles.md is its documentation
// and profile-file.ts its plain types; the compiler holds the two together where they meet, in the engine. What needs
// more than one point of a table is in profile-table.ts.
import * as z from "zod";
import { quote } from "../../../document/words.js";
import { gpu, model } from "./profile-hardware.js";
import { tablePoints } from "./profile-table.js";
import { type List, millis, rising, whole, within } from "./profile-units.js";

const head = {
  schemaVersion: z
    .literal(1, { error: (issue) => `schemaVersion ${quote(issue.input)} is not known here: write 1` })
    .describe("Version of this format."),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
      error: (issue) =>
        `${quote(issue.input)} is not a name: lower-case letters, digits, ".", "_" and "-", at most 64`,
    })
    .describe("Name of the profile in results."),
  source: z.string().min(1).describe("Where the numbers come from."),
  host: z
    .strictObject({
      step: millis(0, 50).describe("Of every step."),
      prefill: millis(0, 50).describe("Added where the step prefills."),
      perSequence: millis(0, 0.2).describe("Added for each decoding sequence."),
      perPrefillToken: millis(0, 0.2).exactOptional().describe("Added for each prompt token. Default 0."),
    })
    .exactOptional()
    .describe("Milliseconds of a step outside the GPU. Left out: none."),
  rows: z
    .strictObject({
      decode: rising(whole(1, 1e6)).exactOptional().describe("In steps that only decode."),
      mixed: rising(whole(1, 1e6)).exactOptional().describe("In steps that prefill too."),
    })
    .exactOptional()
    .describe("Sizes that rows are padded up to. Left out: no padding."),
};

const estimate = z.boolean().describe("True where numbers come from a datasheet, not from a measurement.");

const settings = {
  maxSequences: whole(1, 65_536).describe("Most sequences in one batch."),
  maxBatchedTokens: whole(1, 10_000_000).describe("Token budget of one step."),
};
const kvTokens = whole(1, 1e12).describe("Tokens of context that fit beside the weights.");

const node = z
  .strictObject({ gpus: whole(1, 1024).describe("GPUs that one replica takes."), kvTokens, ...settings })
  .exactOptional()
  .describe("The replica that the profile is for: what a scenario may leave out.");

const speculation = {
  tokens: whole(1, 32).describe("Tokens drafted in a step for each sequence."),
  acceptance: within(0, 1).describe("Chance that a drafted token is accepted, if those before it were."),
};

const draftTimes = z
  .strictObject({
    base: millis(0.005, 100).describe("Of a pass."),
    perSequence: millis(0, 1).describe("Added for each sequence."),
    perContextToken: millis(0, 0.01).describe("Added for each token of context."),
    perPrefillToken: millis(0, 1).describe("Added for each prompt token."),
  })
  .describe("Milliseconds of the draft for one token of each sequence.");

/** The smallest step ever seen is some tenths of a millisecond, the largest weights take some hundreds. */
const line = (from: number) =>
  z.strictObject({
    constant: millis(from, 500).describe("Milliseconds at no rows."),
    perRow: millis(0, 1).describe("Milliseconds for each row."),
  });
const weights = line(0.05).describe("Line of steps that are bound by reading weights.");
const compute = line(-500).describe(
  "Line of steps that are bound by computing; the larger of the two counts.",
);
const perContextToken = millis(0, 0.01).describe("Milliseconds for each token of summed context.");

const times: List<number> = z.array(millis(0.05, 60_000));

const curve = z
  .strictObject({
    rows: rising(whole(1, 1e6), 2).describe("Padded rows."),
    ms: times.describe("Milliseconds of the matrix products at each."),
  })
  .refine(({ rows, ms }) => rows.length === ms.length, {
    path: ["ms"],
    message: "there must be as many times as rows",
  });

const gpuTimes = z.strictObject({
  weights,
  compute,
  knee: millis(0, 100)
    .exactOptional()
    .describe("How far from their crossing the corner of the lines is rounded."),
  perSequence: millis(0, 1)
    .exactOptional()
    .describe("Milliseconds for each sequence of a step that only decodes."),
  perContextToken,
  perArea: millis(0, 1e-3).describe("Milliseconds for each pair of a new and an earlier token in prefill."),
  perPriorToken: millis(0, 0.1).describe(
    "Milliseconds for each token cached before a chunk: the larger counts.",
  ),
  experts: z
    .strictObject({
      all: millis(0, 1000).describe("Milliseconds to read all experts."),
      count: whole(1, 1e6).describe("Experts of a layer."),
      active: whole(1, 1e6).describe("Experts that each token is sent to."),
    })
    .refine(({ active, count }) => active <= count, {
      path: ["active"],
      message: "a token cannot be sent to more experts than there are",
    })
    .exactOptional()
    .describe("Mixture of experts: charged by the share that the tokens of a step touch."),
  boost: z
    .strictObject({
      share: within(0, 0.5).describe("Share of the products that is saved at most."),
      memoryMs: millis(1, 10_000).describe("Milliseconds over which the clock comes back, and goes."),
    })
    .exactOptional()
    .describe("What compute-bound steps save after a pause in such work."),
  curves: z
    .strictObject({
      decode: curve.exactOptional().describe("Of steps that only decode."),
      mixed: curve.exactOptional().describe("Of steps that prefill too."),
    })
    .exactOptional()
    .describe("In place of the lines, at the rows that they span."),
});

const errorSizes = {
  points: whole(1, 1e9).describe("Steps that were compared."),
  mean: within(0, 100).describe("Mean of the absolute error."),
  p90: within(0, 100).describe("Nine tenths err less."),
  max: within(0, 100).describe("Largest."),
};

const measured = z.strictObject({
  ...head,
  kind: z.literal("measured").describe("Coefficients fitted to measured steps, by `surgefleet calibrate`."),
  estimate,
  node,
  gpu: gpuTimes.describe("Coefficients, in milliseconds."),
  speculative: z
    .strictObject({
      ...speculation,
      draft: draftTimes,
      verify: z
        .strictObject({ weights, compute, perContextToken })
        .exactOptional()
        .describe("Coefficients of verifying, where that was measured."),
    })
    .exactOptional()
    .describe("Speculative decoding."),
  fit: z
    .strictObject({
      ...errorSizes,
      byRegime: z
        .record(z.string(), z.strictObject(errorSizes))
        .exactOptional()
        .describe("The same by kind of step."),
    })
    .exactOptional()
    .describe("Error of the fit as shares."),
});

const table = z.strictObject({
  ...head,
  kind: z.literal("table").describe("Steps as they were timed, with straight lines between them."),
  estimate,
  node,
  ...tablePoints,
  speculative: z
    .strictObject({ ...speculation, draft: draftTimes })
    .exactOptional()
    .describe("Speculative decoding."),
});

const efficiency = z.strictObject({
  bandwidth: within(0.01, 1).exactOptional().describe("Share of the bandwidth that is reached."),
  compute: within(0.01, 1).exactOptional().describe("Share of the FLOP/s that matrix products reach."),
  attention: within(0.01, 1)
    .exactOptional()
    .describe("Share of the FLOP/s that attention in prefill reaches."),
  perLayer: millis(0, 1).exactOptional().describe("Milliseconds of a layer beside."),
  perExpertLayer: millis(0, 1).exactOptional().describe("Milliseconds added in a layer with experts."),
  overlap: within(1, 100).exactOptional().describe("Power that joins reading and computing: 1 adds them."),
  perCollective: millis(0, 10).exactOptional().describe("Milliseconds of an all-reduce, however small."),
});

const draft = z.union(
  [
    z.strictObject({ model: model.describe("A model of its own.") }),
    z.strictObject({
      layers: whole(1, 100).describe("So many layers of the target, with its output matrix."),
    }),
    draftTimes,
  ],
  { error: "expected a draft: {model: NAME}, {layers: NUMBER}, or its times" },
);

const roofline = z.strictObject({
  ...head,
  kind: z.literal("roofline").describe("An estimate from a model's shape and a GPU's datasheet."),
  estimate: z.literal(true, { error: "a roofline is an estimate: write true" }).describe("Always true."),
  model: model.describe("A model by name, or its shape."),
  gpu: gpu.describe("A GPU by name, or its datasheet."),
  gpus: whole(1, 1024).exactOptional().describe("GPUs that share every layer. Default 1."),
  attention: z.enum(["tensor", "data"]).exactOptional().describe("How they share attention. Default tensor."),
  collectives: z.boolean().exactOptional().describe("Whether all-reduces take time. Default true."),
  efficiency: efficiency.exactOptional().describe("Instead of the fitted factors."),
  node: z
    .strictObject({ ...settings, kvTokens: kvTokens.exactOptional() })
    .exactOptional()
    .describe("What a scenario may leave out; the KV follows from the memory unless given."),
  speculative: z
    .strictObject({
      ...speculation,
      draft: draft.describe("The model that drafts."),
    })
    .exactOptional()
    .describe("Speculative decoding."),
});

export const profileFile = z.discriminatedUnion("kind", [measured, table, roofline]).meta({ id: "profile" });
