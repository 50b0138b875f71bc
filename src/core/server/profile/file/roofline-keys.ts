// The keys of a roofline profile: a model and a GPU, by name or written out, and what of the datasheet is reached. What
// they mean for a step is server/profile/roofline.ts.
import * as z from "zod";
import { expected } from "../../../document/words.js";
import { GPU_NAMES, MODEL_NAMES } from "../catalogue.js";
import { gpuSheet, modelShape } from "./hardware-keys.js";
import { draftTimes, type FileOf, kvTokens, settings, speculation } from "./profile-keys.js";
import { millis, whole, within } from "./profile-units.js";

const model = z.union([z.enum(MODEL_NAMES), modelShape], {
  error: expected("the name of a model, or its shape with layers, hidden, ..."),
});

const gpu = z.union([z.enum(GPU_NAMES), gpuSheet], {
  error: expected("the name of a GPU, or its datasheet with memory, bandwidth, ..."),
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
  perCollective: millis(0, 10)
    .exactOptional()
    .describe("Milliseconds of an all-reduce, however small. Default: those of the link."),
});

type Factors = z.output<typeof efficiency>;

/** How much of the datasheet is reached, and what each layer costs beside: fitted, see docs/profiles.md. */
export type Efficiency = Required<Omit<Factors, "perCollective">> & Pick<Factors, "perCollective">;

const parallel = z
  .strictObject({
    tensor: whole(1, 1024).exactOptional().describe("GPUs that share every layer. Default 1."),
    pipeline: whole(1, 1024).exactOptional().describe("Stages that have some of the layers each. Default 1."),
    data: whole(1, 1024).exactOptional().describe("Groups that have their own sequences each. Default 1."),
    expert: whole(1, 1024)
      .exactOptional()
      .describe("GPUs that experts are spread over: 1, or tensor times data. Default 1."),
  })
  .refine(({ tensor = 1, data = 1, expert = 1 }) => expert === 1 || expert === tensor * data, {
    path: ["expert"],
    message: "experts are spread over all GPUs of a stage or none: write tensor times data, or 1",
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

/** A draft: a model of its own on the same GPUs, or so many layers of the target with its output matrix, or times. */
export type Draft = z.output<typeof draft>;

export const rooflineKeys = {
  estimate: z.literal(true, { error: "a roofline is an estimate: write true" }).describe("Always true."),
  model: model.describe("A model by name, or its shape."),
  gpu: gpu.describe("A GPU by name, or its datasheet."),
  gpus: whole(1, 1024).exactOptional().describe("GPUs that share every layer. Default 1."),
  // `tensor` splits its heads, `data` gives each GPU its own sequences and a full copy of the attention weights, so
  // that a latent cache is not held on every GPU.
  attention: z.enum(["tensor", "data"]).exactOptional().describe("How they share attention. Default tensor."),
  parallel: parallel.exactOptional().describe("How its GPUs share the model; instead of gpus and attention."),
  collectives: z.boolean().exactOptional().describe("Whether all-reduces take time. Default true."),
  // Engines with one kernel for all chosen experts (vLLM, SGLang) add next to nothing to the reading of weights.
  expertKernels: z
    .enum(["fused", "unfused"])
    .exactOptional()
    .describe(
      "One kernel for all chosen experts, as in vLLM and SGLang, or one after another. Default fused.",
    ),
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
};

export type RooflineFile = FileOf<"roofline", typeof rooflineKeys>;
