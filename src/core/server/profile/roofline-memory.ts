// How many tokens of context fit beside the weights of a roofline, as an engine finds out when it starts: a share of
// the memory, less the weights, less what the largest step takes while it runs. Knows no times.
import { SurgefleetError } from "../../base/errors.js";
import type { ModelShape } from "./file/hardware-keys.js";
import type { RooflineFile } from "./file/roofline-keys.js";
import type { Machine } from "./roofline-machine.js";

/** Share of the memory that weights, steps and cache may take: the default of vLLM (gpu_memory_utilization). */
const MEMORY_SHARE = 0.9;
const GIB = 2 ** 30;
const ACTIVATION_BYTES = 2;
/** Bytes of a number of the index of sparse attention. */
export const INDEX_BYTES = 1;
/** Hidden states that are there at once: before and after a norm, the residual, and what comes out of a product. */
const HIDDEN_STATES = 4;
/** Rows of the gated middle: gate, up, and their product. */
const MIDDLE_STATES = 3;
/** A score in 16 bits, and in 32 to choose by. */
const SCORE_BYTES = 6;

interface Settings {
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
}

/** `draft`: the model that drafts beside it, if any. Throws INVALID_PARAMETER where the weights do not fit. */
export function kvTokensOf(
  { name }: RooflineFile,
  target: Machine,
  draft: Machine | undefined,
  settings: Settings,
): number {
  const weights = weightBytes(target) + (draft === undefined ? 0 : weightBytes(draft));
  const taken = weights + stepBytes(target, settings);
  const perToken = tokenBytes(target) + (draft === undefined ? 0 : tokenBytes(draft));
  const memory = target.gpu.memory * GIB * MEMORY_SHARE;
  const tokens = Math.floor((memory - taken) / perToken);
  if (tokens > 0) return tokens;
  const [needed, there] = [taken, memory].map((bytes) => (bytes / GIB).toFixed(1));
  const message = `profile ${name} does not fit: ${needed} GiB of weights and steps a GPU, and ${there} GiB for them`;
  throw new SurgefleetError("INVALID_PARAMETER", message);
}

/** Share of the layers that the stage with the most of them has. */
export function fullestStage({ share, layout }: Machine): number {
  return Math.ceil(share.layers / layout.pipeline) / share.layers;
}

/** Of the fullest stage, at one end of the pipeline: with the embedding, or the output matrix. */
function weightBytes(machine: Machine): number {
  const { share, layout, shape } = machine;
  if (layout.pipeline === 1) return share.residentBytes;
  const ends = (shape.tiedEmbedding ? 1 : 2) * share.outputBytes;
  return (share.residentBytes - ends) * fullestStage(machine) + share.outputBytes;
}

function tokenBytes(machine: Machine): number {
  const { share, shape, layout } = machine;
  const index = shape.sparse ? (shape.layers * shape.sparse.indexSize * INDEX_BYTES) / layout.data : 0;
  return (share.cacheBytes + index) * fullestStage(machine);
}

/** What the largest step takes on a GPU: states of a layer for all of its tokens, and scores of its sequences. */
function stepBytes({ shape, layout }: Machine, { maxSequences, maxBatchedTokens }: Settings): number {
  const tokens = maxBatchedTokens / layout.data;
  const states = HIDDEN_STATES * shape.hidden + middleOf(shape, layout.tensor);
  const scores = (maxSequences / layout.data) * shape.vocabulary * SCORE_BYTES;
  return tokens * states * ACTIVATION_BYTES + scores;
}

function middleOf({ intermediate = 0, hidden, experts }: ModelShape, tensor: number): number {
  const dense = (MIDDLE_STATES * intermediate) / tensor;
  if (experts === undefined) return dense;
  return Math.max(dense, experts.active * (hidden + (MIDDLE_STATES * experts.intermediate) / tensor));
}
