// The part of a profile file that describes a model's shape and a GPU's datasheet, for estimates. Knows the shape of
// each and what its numbers may be; what they mean for a step is server/profile/roofline.ts.
import * as z from "zod";
import { expected } from "../../../document/words.js";
import links from "../shipped/links.json" with { type: "json" };
import {
  gibibytes,
  gigabytesPerSecond,
  millis,
  terabytesPerSecond,
  teraflops,
  whole,
  within,
} from "./profile-units.js";

const size = () => whole(1, 10_000_000);
const precision = z.enum(["bf16", "fp8", "fp4"]);
export type Precision = z.output<typeof precision>;

const attention = z.discriminatedUnion("kind", [
  // Multi-head and multi-query included.
  z
    .strictObject({
      kind: z.literal("gqa").describe("Grouped-query attention; multi-head and multi-query too."),
      heads: size().describe("Query heads."),
      kvHeads: size().describe("Heads of keys and values."),
      headSize: size().describe("Numbers of a head."),
    })
    .refine(({ heads, kvHeads }) => kvHeads <= heads, {
      path: ["kvHeads"],
      message: "there are more heads of keys and values than of queries",
    }),
  // What is cached is one latent vector a token, on every GPU.
  z.strictObject({
    kind: z.literal("mla").describe("Multi-head latent attention."),
    heads: size().describe("Query heads."),
    queryRank: size().describe("q_lora_rank."),
    kvRank: size().describe("kv_lora_rank."),
    ropeSize: size().describe("qk_rope_head_dim."),
    nopeSize: size().describe("qk_nope_head_dim."),
    valueSize: size().describe("v_head_dim."),
  }),
  // What is cached is the same on every GPU.
  z.strictObject({
    kind: z.literal("given").describe("Any other attention, by its totals for a layer."),
    heads: size().describe("Query heads."),
    parameters: whole(1, 1e12).describe("Weights of a layer's attention."),
    cacheSize: size().describe("Numbers cached for a token in a layer."),
    pairSize: size().describe("Size of a head's query and of its value, together."),
    tokensPerEntry: within(1, 1e6).describe("Context tokens that share a cached entry."),
  }),
]);

const experts = z
  .strictObject({
    count: size().describe("Experts of a layer to choose from."),
    active: size().describe("Experts that each token is sent to."),
    intermediate: size().describe("Width of an expert."),
    shared: whole(0, 1000).exactOptional().describe("Experts that every token uses. Default 0."),
    denseLayers: whole(0, 10_000).exactOptional().describe("First layers without experts. Default 0."),
  })
  .refine(({ active, count }) => active <= count, {
    path: ["active"],
    message: "a token cannot be sent to more experts than there are",
  });

export const modelShape = z
  .strictObject({
    source: z.string().min(1).describe("Where the shape comes from."),
    layers: whole(1, 10_000).describe("Layers."),
    hidden: size().describe("Width of the hidden state."),
    vocabulary: size().describe("Rows of the embedding."),
    attention: attention.describe("Its kind, and the shape of that."),
    sparse: z
      .strictObject({
        tokens: size().describe("Tokens that a query reads."),
        indexHeads: size().describe("Query heads of the index."),
        indexSize: size().describe("Numbers of a key of the index, a byte each."),
      })
      .exactOptional()
      .describe("Sparse attention: tokens that a query reads, and the index that chooses them."),
    intermediate: size().exactOptional().describe("Width of dense feed-forward layers."),
    experts: experts.exactOptional().describe("Mixture of experts."),
    bytes: z
      .strictObject({
        weight: within(0.1, 4).describe("Of a weight."),
        expert: within(0.1, 4)
          .exactOptional()
          .describe("Of a weight of an expert that is chosen; default: as others."),
        cache: within(0.1, 4).describe("Of a cached number."),
      })
      .describe("Bytes of a weight, of a weight of a chosen expert, of a cached number."),
    precision: precision.describe("What matrix products are computed in."),
    expertPrecision: precision
      .exactOptional()
      .describe("The same of experts that are chosen; default: as others."),
    tiedEmbedding: z
      .boolean()
      .exactOptional()
      .describe("Whether the output matrix is the embedding. Default false."),
  })
  .superRefine((shape, context) => {
    const dense = shape.experts ? (shape.experts.denseLayers ?? 0) : shape.layers;
    if (dense > shape.layers) {
      const message = `there are only ${shape.layers} layers`;
      context.addIssue({ code: "custom", path: ["experts", "denseLayers"], message });
    }
    if (dense > 0 && shape.intermediate === undefined) {
      context.addIssue({ code: "custom", message: 'missing key "intermediate": there are dense layers' });
    }
  })
  .meta({ id: "model" });

export type ModelShape = z.output<typeof modelShape>;

export const linkSheet = z
  .strictObject({
    source: z.string().min(1).describe("Where the numbers come from."),
    bandwidth: gigabytesPerSecond(1, 100_000).describe("GB/s of one GPU in one direction."),
    achieved: within(0.01, 1).describe("Share of it that a collective reaches."),
    latency: millis(0, 10).describe("Milliseconds of a collective, however small."),
    hop: millis(0, 10).describe("Milliseconds added by each further exchange that it takes."),
    // Over a switch GPUs read each other at once; over PCIe they pass parts around a ring.
    peers: z.enum(["all", "ring"]).describe("Whether a GPU reaches all others at once, or its neighbours."),
  })
  .meta({ id: "link" });

/** What GPUs of a replica reach one another over. */
export type LinkSheet = z.output<typeof linkSheet>;

export const LINK_NAMES: readonly string[] = Object.keys(links);

const memoryKind = z.enum(["hbm2e", "hbm3", "hbm3e", "gddr6", "gddr6x", "gddr7"]);
export type MemoryKind = z.output<typeof memoryKind>;

const link = z.union([gigabytesPerSecond(1, 100_000), z.enum(LINK_NAMES), linkSheet], {
  error: expected("GB/s in one direction, the name of a link, or its sheet with bandwidth, latency, ..."),
});

export const gpuSheet = z
  .strictObject({
    source: z.string().min(1).describe("Where the numbers come from."),
    memory: gibibytes(1, 10_000).describe(
      "GiB as its driver tells it: a hundredth less than what is sold as 80 GB.",
    ),
    memoryKind: memoryKind.exactOptional().describe("What share of the bandwidth is reached. Default hbm3."),
    reached: within(0.05, 1)
      .exactOptional()
      .describe("Share of the bandwidth that a copy reaches, instead of that of its kind of memory."),
    bandwidth: terabytesPerSecond(0.05, 100).describe("TB/s of memory."),
    flops: z
      .strictObject({
        bf16: teraflops(5, 100_000).describe("In 16 bits."),
        fp8: teraflops(5, 100_000).exactOptional().describe("In 8 bits; default: as in 16."),
        fp4: teraflops(5, 100_000).exactOptional().describe("In 4 bits; default: as in 8."),
      })
      .describe("Dense TFLOP/s: half of what datasheets give with sparsity."),
    multiprocessors: whole(1, 10_000).describe("Streaming multiprocessors."),
    link: link.describe(
      "Way to the other GPUs: its name, its sheet, or GB/s in one direction of one that is else as nvlink4.",
    ),
  })
  .meta({ id: "gpu" });

/** A GPU as its datasheet has it. */
export type GpuSheet = z.output<typeof gpuSheet>;
