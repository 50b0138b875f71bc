// Step times from a model's public shape and a GPU's datasheet: an estimate, however good. A pass takes
//
//   (reading^p + computing^p)^(1/p) + activations + layers + collectives
//
// where reading is the weights (of experts: those expected to be touched) over the achieved bandwidth, computing the
// operations over the achieved FLOP/s, activations what small kernels read and write, and layers a fixed time each.
// Achieved is the datasheet's number times a factor fitted to measurements (efficiency.ts); fixed times do not scale.
// The form is the roofline of Williams, Waterman, Patterson (2009) with its corner rounded off.
import pow from "@stdlib/math-base-special-pow";
import { modelShape } from "./catalogue.js";
import type { ModelShape } from "./file/hardware-keys.js";
import type { ProfileNode } from "./file/profile-keys.js";
import { type Draft, type RooflineFile, rooflineKeys } from "./file/roofline-keys.js";
import { defineProfile } from "./kind.js";
import { shareTouched } from "./measured.js";
import { gpusOf, layoutOf } from "./parallel.js";
import type { PassTimes } from "./pass-times.js";
import { collectiveMillis, stageMillis } from "./roofline-collectives.js";
import { type Machine, machineOf, millisOf, millisToRead } from "./roofline-machine.js";
import { fullestStage, INDEX_BYTES, kvTokensOf } from "./roofline-memory.js";
import { stepRows } from "./rows.js";
import { linearDraft } from "./speculative.js";

/** Query rows that one multiprocessor works on at a time in prefill attention (FlashAttention's tile). */
const QUERY_TILE = 128;

function productMillis(machine: Machine, rows: number, tokens: number, decodeRows: number): number {
  const { share, shape, gpu, efficiency, layout } = machine;
  const { experts, precision, expertPrecision = precision } = shape;
  const seen = layout.spreadsExperts ? tokens : tokens / layout.data;
  const touched = experts ? shareTouched(experts.active, experts.count, seen) : 0;
  const reading = millisToRead(share.weightBytes + share.expertBytes * touched, machine);
  const ops = millisOf(share.rowOps * rows + share.outputRowOps * decodeRows, gpu, precision);
  const expertOps = millisOf(share.expertRowOps * tokens, gpu, expertPrecision);
  const computing = (ops + expertOps) / efficiency.compute;
  const { overlap } = efficiency;
  // Of the larger, so that no power leaves the range of a double.
  const most = Math.max(reading, computing);
  return most * pow(pow(reading / most, overlap) + pow(computing / most, overlap), 1 / overlap);
}

/** Operations of the index of sparse attention for one query and one token of context. */
function indexOps({ shape, layout }: Machine): number {
  const { sparse, layers } = shape;
  return sparse ? (layers * 2 * sparse.indexHeads * sparse.indexSize) / layout.data : 0;
}

/** One micro-batch through all layers. */
function wholePass(machine: Machine, sizes: RooflineFile["rows"]): PassTimes {
  const { share, shape, gpu, efficiency } = machine;
  const { sparse, layers } = shape;
  const { data } = machine.layout;
  const fixed = share.layers * efficiency.perLayer + share.expertLayers * efficiency.perExpertLayer;
  const attend = (ops: number) => millisOf(ops, gpu, "bf16") / efficiency.attention;
  const readToken = millisToRead(share.cacheBytes, machine);
  const decodeToken = (rowsEach: number) => Math.max(readToken, attend(share.decodePairOps * rowsEach));
  const indexBytes = sparse ? (layers * sparse.indexSize * INDEX_BYTES) / data : 0;
  const indexToken = millisToRead(indexBytes, machine);
  const perArea = attend(sparse ? indexOps(machine) : share.pairOps);
  // A short chunk has too few tiles of queries to keep every multiprocessor busy, however long its context.
  const perPriorToken = (perArea * QUERY_TILE * gpu.multiprocessors) / share.heads;
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const tokens = decoding * rowsEach + prefillTokens;
      const rows = data * stepRows(sizes, (decoding * rowsEach) / data, Math.ceil(prefillTokens / data));
      const chosen = sparse
        ? decoding * sparse.tokens * decodeToken(rowsEach) +
          attend(prefillTokens * sparse.tokens * share.pairOps)
        : 0;
      return (
        productMillis(machine, rows, tokens, decoding * rowsEach) +
        millisToRead(share.activationBytes * rows, machine) +
        fixed +
        chosen +
        collectiveMillis(machine, rows)
      );
    },
    slope: (_, rowsEach) =>
      sparse ? Math.max(indexToken, attend(indexOps(machine) * rowsEach)) : decodeToken(rowsEach),
    prefill: (area, priorContext) => Math.max(perArea * area, perPriorToken * priorContext),
  };
}

/**
 * A step is over when the busiest GPU is. Sequences are dealt out evenly over the data groups and, in a pipeline, over
 * as many micro-batches as it has stages: all are in some stage at a time, and a step takes as long as one needs for
 * all stages, each as slow as the one with the most layers. Prompt tokens are dealt out alike.
 */
function passOf(machine: Machine, sizes: RooflineFile["rows"]): PassTimes {
  const { data, pipeline } = machine.layout;
  const whole = wholePass(machine, sizes);
  if (data * pipeline === 1) return whole;
  const unevenness = fullestStage(machine) * pipeline;
  const busiest = (sequences: number) => data * Math.ceil(sequences / (data * pipeline));
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const sequences = busiest(decoding);
      const tokens = Math.ceil(prefillTokens / pipeline);
      const pass = whole.base(sequences, rowsEach, tokens);
      return unevenness * pass + stageMillis(machine, sequences * rowsEach + tokens);
    },
    slope: (decoding, rowsEach) => {
      const slope = unevenness * whole.slope(decoding, rowsEach);
      return decoding === 0 ? slope : (slope * busiest(decoding)) / decoding;
    },
    prefill: (area, priorContext) => (unevenness * whole.prefill(area, priorContext)) / pipeline,
  };
}

export function rooflinePass(file: RooflineFile): PassTimes {
  return passOf(machineOf(file, modelShape(file.model)), file.rows);
}

/** The model that drafts, as a shape of its own; undefined where it is given by times. */
function draftShape(file: RooflineFile, draft: Draft): ModelShape | undefined {
  if ("model" in draft) return modelShape(draft.model);
  if (!("layers" in draft)) return undefined;
  const target = modelShape(file.model);
  // A head of the target's own last layers: with experts, if the target has any. It shares the output matrix.
  const experts = target.experts && { ...target.experts, denseLayers: 0 };
  return { ...target, layers: draft.layers, tiedEmbedding: true, ...(experts && { experts }) };
}

function rooflineDraft(file: RooflineFile, draft: Draft): PassTimes {
  const shape = draftShape(file, draft);
  if (shape === undefined)
    return linearDraft(draft as Exclude<Draft, { layers: number } | { model: unknown }>);
  return passOf(machineOf(file, shape), file.rows);
}

/** The replica that the estimate is of. Throws INVALID_PARAMETER where the weights do not fit. */
export function rooflineNode(file: RooflineFile): ProfileNode | undefined {
  if (file.node === undefined) return undefined;
  const { kvTokens = ownKvTokens(file, file.node), maxSequences, maxBatchedTokens } = file.node;
  return { gpus: gpusOf(layoutOf(file)), kvTokens, maxSequences, maxBatchedTokens };
}

function ownKvTokens(file: RooflineFile, node: NonNullable<RooflineFile["node"]>): number {
  const draft = file.speculative && draftShape(file, file.speculative.draft);
  const drafting = draft && machineOf(file, draft);
  return kvTokensOf(file, machineOf(file, modelShape(file.model)), drafting, node);
}

export const roofline = defineProfile({
  name: "roofline",
  summary: "An estimate from a model's shape and a GPU's datasheet.",
  options: rooflineKeys,
  refine({ gpus, attention, parallel }, context) {
    if (parallel === undefined || (gpus === undefined && attention === undefined)) return;
    const path = [gpus === undefined ? "attention" : "gpus"];
    const message = "parallel says how many GPUs there are, and how they share the model: leave this out";
    context.addIssue({ code: "custom", path, message });
  },
  create(keys, head) {
    const file: RooflineFile = { ...keys, ...head, kind: "roofline" };
    return {
      target: rooflinePass(file),
      draft: file.speculative && rooflineDraft(file, file.speculative.draft),
      node: rooflineNode(file),
    };
  },
});
