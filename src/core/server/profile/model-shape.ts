// What a model asks of each GPU that shares it: weights to read, operations to do, context to keep. Pure counting from
// the public shape; how fast a GPU does it is roofline.ts.
import type { ModelShape } from "./file/hardware-keys.js";

/** What one GPU holds and does of a model, over all layers. Operations count a multiply-add as two. */
export interface GpuShare {
  /** Bytes read by every pass: all weights but the input embedding and the experts that are chosen. */
  readonly weightBytes: number;
  /** Bytes of the experts to choose from: a pass reads the share that its tokens touch. */
  readonly expertBytes: number;
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

/** What each of so many GPUs has of a model; `data`: every GPU has all of attention, for its own sequences. */
export function shareOf(shape: ModelShape, gpus: number, attention: "tensor" | "data" = "tensor"): GpuShare {
  const { layers, hidden, vocabulary, bytes, experts } = shape;
  const { heads: allHeads } = shape.attention;
  const own = attentionOf(shape);
  const isData = attention === "data";
  const denseLayers = experts ? (experts.denseLayers ?? 0) : layers;
  const expertLayers = layers - denseLayers;
  const expertWeights = experts ? 3 * hidden * experts.intermediate : 0;
  const middle = {
    dense: shape.intermediate ?? 0,
    shared: experts ? (experts.shared ?? 0) * experts.intermediate : 0,
    chosen: experts ? experts.active * experts.intermediate : 0,
  };
  const attentionWeights = isData ? own.split + own.whole : own.split / gpus + own.whole;
  const attentionOps = isData ? (own.split + own.whole) / gpus : attentionWeights;
  const feedForward =
    (denseLayers * 3 * hidden * middle.dense + expertLayers * 3 * hidden * middle.shared) / gpus;
  const router = expertLayers * hidden * (experts?.count ?? 0);
  const output = (hidden * vocabulary) / gpus;
  const weights = layers * attentionWeights + feedForward + router;
  const expertBytes =
    ((expertLayers * (experts?.count ?? 0) * expertWeights) / gpus) * (bytes.expert ?? bytes.weight);
  const embedding = shape.tiedEmbedding ? 0 : output * bytes.weight;
  const weightBytes = (weights + output) * bytes.weight;
  const middlePasses = denseLayers * middle.dense + expertLayers * (middle.shared + middle.chosen);
  const dispatched = expertLayers * 2 * (experts?.active ?? 0) * hidden;
  const perGpu = MIDDLE_PASSES * middlePasses + dispatched + layers * 2 * own.rotated;
  const heads = isData ? allHeads : Math.ceil(allHeads / gpus);
  const cachedHere = isData ? own.cached / gpus : own.cached / Math.min(gpus, own.cacheParts);
  // With data-parallel attention a GPU sees only its share of the queries.
  const pairs = (layers * 2 * (isData ? allHeads / gpus : heads)) / own.tokensPerEntry;
  return {
    weightBytes,
    expertBytes,
    residentBytes: weightBytes + expertBytes + embedding,
    rowOps: 2 * (layers * attentionOps + feedForward + router),
    expertRowOps: (2 * expertLayers * (experts?.active ?? 0) * expertWeights) / gpus,
    outputRowOps: 2 * output,
    activationBytes: ACTIVATION_BYTES * (layers * HIDDEN_PASSES * hidden + perGpu / gpus),
    heads,
    cacheBytes: (layers * cachedHere * bytes.cache) / own.tokensPerEntry,
    pairOps: pairs * own.pairSize,
    decodePairOps: pairs * own.decodePairSize,
    layers,
    expertLayers,
  };
}
