// What a model asks of each GPU that shares it: weights to read, operations to do, context to keep. Pure counting from
// the public shape; how fast a GPU does it is roofline.ts.
import type { ModelShape } from "./file/hardware-keys.js";
import { gpusOfStage, type Layout } from "./parallel.js";

/** What one GPU holds and does of a model, over all layers. Operations count a multiply-add as two. */
export interface GpuShare {
  /** Bytes read by every pass: all weights but the input embedding and the experts that are chosen. */
  readonly weightBytes: number;
  /** Bytes of the experts to choose from: a pass reads the share that its tokens touch. */
  readonly expertBytes: number;
  /** Bytes of the output matrix, or of the input embedding. */
  readonly outputBytes: number;
  /** Bytes that lie in memory, the input embedding included. */
  readonly residentBytes: number;
  /** Operations for each row: without the output matrix and the chosen experts; of the experts; of the output. */
  readonly rowOps: number;
  readonly expertRowOps: number;
  readonly outputRowOps: number;
  /** Bytes that small kernels read and write for each row: norms, residuals, activations, rotations. */
  readonly activationBytes: number;
  /** Query heads on this GPU. */
  readonly heads: number;
  /** Bytes of context kept for a token, and those read for it when decoding, unless a sparse index chooses. */
  readonly cacheBytes: number;
  /** Operations of one query on one token of context, in prefill and in decoding. */
  readonly pairOps: number;
  readonly decodePairOps: number;
  readonly layers: number;
  readonly expertLayers: number;
}

/** Bytes of one number between layers: bfloat16 whatever the weights are. */
const ACTIVATION_BYTES = 2;
/** Times the hidden state is read or written outside matrix products: 2 norms x 2, and 2 residual sums x 3. */
const HIDDEN_PASSES = 10;
/** The same for the middle of a gated feed-forward layer: gate and up are read, their product is written. */
const MIDDLE_PASSES = 3;

interface Attention {
  /** Weights split over the GPUs, and those that each has in full. */
  readonly split: number;
  readonly whole: number;
  /** Numbers cached for a token in a layer, and in how many parts they can be split. */
  readonly cached: number;
  readonly cacheParts: number;
  /** Numbers of a head's query and value, in prefill and in decoding. */
  readonly pairSize: number;
  readonly decodePairSize: number;
  readonly tokensPerEntry: number;
  /** Numbers of a row that are rotated, normed or copied into the cache. */
  readonly rotated: number;
}

function attentionOf({ attention, hidden }: ModelShape): Attention {
  switch (attention.kind) {
    case "gqa": {
      const { heads, kvHeads, headSize } = attention;
      return {
        split: 2 * hidden * headSize * (heads + kvHeads),
        whole: 0,
        cached: 2 * kvHeads * headSize,
        cacheParts: kvHeads,
        pairSize: 2 * headSize,
        decodePairSize: 2 * headSize,
        tokensPerEntry: 1,
        rotated: (heads + kvHeads) * headSize,
      };
    }
    case "mla": {
      const { heads, queryRank, kvRank, ropeSize, nopeSize, valueSize } = attention;
      const key = nopeSize + ropeSize;
      return {
        split: heads * (queryRank * key + kvRank * (nopeSize + valueSize) + valueSize * hidden),
        whole: hidden * (queryRank + kvRank + ropeSize),
        cached: kvRank + ropeSize,
        cacheParts: 1,
        pairSize: key + valueSize,
        // Decoding works on the latent itself: the up-projections are folded into query and output.
        decodePairSize: 2 * kvRank + ropeSize,
        tokensPerEntry: 1,
        rotated: heads * key,
      };
    }
    case "given": {
      const { heads, parameters, cacheSize, pairSize, tokensPerEntry } = attention;
      return {
        split: parameters,
        whole: 0,
        cached: cacheSize,
        cacheParts: 1,
        pairSize,
        decodePairSize: pairSize,
        tokensPerEntry,
        rotated: (heads * pairSize) / 2,
      };
    }
  }
}

/**
 * What one GPU has of a model, of all layers whatever the stages, and does for an average row or token of the replica:
 * data GPUs see their part of the sequences only.
 */
export function shareOf(shape: ModelShape, layout: Layout): GpuShare {
  const { layers, hidden, vocabulary, bytes, experts } = shape;
  const { heads: allHeads } = shape.attention;
  const { tensor, data } = layout;
  const gpus = gpusOfStage(layout);
  // What is spread over data GPUs, too, where experts are; without, each data group is a whole model.
  const splitOver = layout.spreadsExperts ? gpus : tensor;
  const own = attentionOf(shape);
  const denseLayers = experts ? (experts.denseLayers ?? 0) : layers;
  const expertLayers = layers - denseLayers;
  const expertWeights = experts ? 3 * hidden * experts.intermediate : 0;
  const middle = {
    dense: shape.intermediate ?? 0,
    shared: experts ? (experts.shared ?? 0) * experts.intermediate : 0,
    chosen: experts ? experts.active * experts.intermediate : 0,
  };
  const attentionWeights = own.split / tensor + own.whole;
  const feedForward = denseLayers * 3 * hidden * middle.dense + expertLayers * 3 * hidden * middle.shared;
  const router = expertLayers * hidden * (experts?.count ?? 0);
  const output = hidden * vocabulary;
  const weights = layers * attentionWeights + feedForward / splitOver + router;
  const expertBytes =
    ((expertLayers * (experts?.count ?? 0) * expertWeights) / splitOver) * (bytes.expert ?? bytes.weight);
  const outputBytes = (output / splitOver) * bytes.weight;
  const middlePasses = denseLayers * middle.dense + expertLayers * (middle.shared + middle.chosen);
  const dispatched = expertLayers * 2 * (experts?.active ?? 0) * hidden;
  const perGpu = MIDDLE_PASSES * middlePasses + dispatched + layers * 2 * own.rotated;
  const heads = Math.ceil(allHeads / tensor);
  const cachedHere = own.cached / Math.min(tensor, own.cacheParts) / data;
  const pairs = (layers * 2 * heads) / data / own.tokensPerEntry;
  return {
    weightBytes: weights * bytes.weight + outputBytes,
    expertBytes,
    outputBytes,
    residentBytes: weights * bytes.weight + expertBytes + (shape.tiedEmbedding ? 1 : 2) * outputBytes,
    rowOps: 2 * ((layers * attentionWeights) / data + feedForward / gpus + router / data),
    expertRowOps: (2 * expertLayers * (experts?.active ?? 0) * expertWeights) / gpus,
    outputRowOps: (2 * output) / gpus,
    activationBytes: ACTIVATION_BYTES * ((layers * HIDDEN_PASSES * hidden) / data + perGpu / gpus),
    heads,
    cacheBytes: (layers * cachedHere * bytes.cache) / own.tokensPerEntry,
    pairOps: pairs * own.pairSize,
    decodePairOps: pairs * own.decodePairSize,
    layers,
    expertLayers,
  };
}
