// Step times from a model's public shape and a GPU's datasheet: an estimate, however good. A pass takes
//
//   (reading^p + computing^p)^(1/p) + activations + layers + collectives
//
// where reading is the weights (of experts: those expected to be touched) over the achieved bandwidth, computing the
// operations over the achieved FLOP/s, activations what small kernels read and write, and layers a fixed time each.
// Achieved is the datasheet's number times a factor fitted to measurements (efficiency.ts); fixed times do not scale.
// The form is the roofline of Williams, Waterman, Patterson (2009) with its corner rounded off.
import pow from "@stdlib/math-base-special-pow";
import { SurgefleetError } from "../../base/errors.js";
import { gpuSheet, modelShape } from "./catalogue.js";
import { fittedEfficiency } from "./efficiency.js";
import type { GpuSheet, ModelShape, Precision } from "./file/hardware-keys.js";
import type { ProfileNode } from "./file/profile-keys.js";
import { type Draft, type Efficiency, type RooflineFile, rooflineKeys } from "./file/roofline-keys.js";
import { defineProfile } from "./kind.js";
import { shareTouched } from "./measured.js";
import { type GpuShare, shareOf } from "./model-shape.js";
import type { PassTimes } from "./pass-times.js";
import { stepRows } from "./rows.js";
import { linearDraft } from "./speculative.js";

/** Query rows that one multiprocessor works on at a time in prefill attention (FlashAttention's tile). */
const QUERY_TILE = 128;
/** Bytes of one number in the index of sparse attention, and of one number sent between GPUs. */
const INDEX_BYTES = 1;
const SENT_BYTES = 2;
/** Share of the memory that weights and cache may take: the default of vLLM. */
const MEMORY_SHARE = 0.9;
const GIB = 2 ** 30;

/** What stays the same over all passes: shape, hardware, efficiency. */
interface Machine {
  readonly shape: ModelShape;
  readonly share: GpuShare;
  readonly gpu: GpuSheet;
  readonly efficiency: Efficiency;
  readonly gpus: number;
  readonly collectives: boolean;
}

function machineOf(file: RooflineFile, shape: ModelShape): Machine {
  const gpus = file.gpus ?? 1;
  return {
    shape,
    share: shareOf(shape, gpus, file.attention),
    gpu: gpuSheet(file.gpu),
    efficiency: { ...fittedEfficiency(), ...file.efficiency },
    gpus,
    collectives: file.collectives ?? gpus > 1,
  };
}

/** Milliseconds to do so many operations at the datasheet's rate; a GPU without a precision uses the next wider. */
function millisOf(ops: number, { flops }: GpuSheet, precision: Precision): number {
  const wider = { bf16: flops.bf16, fp8: flops.fp8 ?? flops.bf16, fp4: flops.fp4 ?? flops.fp8 ?? flops.bf16 };
  return ops / (wider[precision] * 1e9);
}

/** Milliseconds to read so many bytes at the achieved bandwidth. */
function millisToRead(bytes: number, { gpu, efficiency }: Machine): number {
  return bytes / (gpu.bandwidth * 1e9 * efficiency.bandwidth);
}

function productMillis(machine: Machine, rows: number, tokens: number, decodeRows: number): number {
  const { share, shape, gpu, efficiency } = machine;
  const { experts, precision, expertPrecision = precision } = shape;
  const touched = experts ? shareTouched(experts.active, experts.count, tokens) : 0;
  const reading = millisToRead(share.weightBytes + share.expertBytes * touched, machine);
  const ops = millisOf(share.rowOps * rows + share.outputRowOps * decodeRows, gpu, precision);
  const expertOps = millisOf(share.expertRowOps * tokens, gpu, expertPrecision);
  const computing = (ops + expertOps) / efficiency.compute;
  const { overlap } = efficiency;
  // Of the larger, so that no power leaves the range of a double.
  const most = Math.max(reading, computing);
  return most * pow(pow(reading / most, overlap) + pow(computing / most, overlap), 1 / overlap);
}

/** Two all-reduces a layer, each sending every row's hidden state around a ring. */
function collectiveMillis({ shape, gpu, efficiency, gpus }: Machine, rows: number): number {
  const sent = ((2 * (gpus - 1)) / gpus) * rows * shape.hidden * SENT_BYTES;
  return 2 * shape.layers * (efficiency.perCollective + sent / (gpu.link * 1e6));
}

/** Operations of the index of sparse attention for one query and one token of context. */
function indexOps({ shape }: Machine): number {
  const { sparse, layers } = shape;
  return sparse ? layers * 2 * sparse.indexHeads * sparse.indexSize : 0;
}

function passOf(machine: Machine, sizes: RooflineFile["rows"]): PassTimes {
  const { share, shape, gpu, efficiency } = machine;
  const { sparse, layers } = shape;
  const fixed = share.layers * efficiency.perLayer + share.expertLayers * efficiency.perExpertLayer;
  const attend = (ops: number) => millisOf(ops, gpu, "bf16") / efficiency.attention;
  const readToken = millisToRead(share.cacheBytes, machine);
  const decodeToken = (rowsEach: number) => Math.max(readToken, attend(share.decodePairOps * rowsEach));
  const indexToken = sparse ? millisToRead(layers * sparse.indexSize * INDEX_BYTES, machine) : 0;
  const perArea = attend(sparse ? indexOps(machine) : share.pairOps);
  // A short chunk has too few tiles of queries to keep every multiprocessor busy, however long its context.
  const perPriorToken = (perArea * QUERY_TILE * gpu.multiprocessors) / share.heads;
  return {
    base: (decoding, rowsEach, prefillTokens) => {
      const tokens = decoding * rowsEach + prefillTokens;
      const rows = stepRows(sizes, decoding * rowsEach, prefillTokens);
      const chosen = sparse
        ? decoding * sparse.tokens * decodeToken(rowsEach) +
          attend(prefillTokens * sparse.tokens * share.pairOps)
        : 0;
      return (
        productMillis(machine, rows, tokens, decoding * rowsEach) +
        millisToRead(share.activationBytes * rows, machine) +
        fixed +
        chosen +
        (machine.collectives ? collectiveMillis(machine, rows) : 0)
      );
    },
    slope: (_, rowsEach) =>
      sparse ? Math.max(indexToken, attend(indexOps(machine) * rowsEach)) : decodeToken(rowsEach),
    prefill: (area, priorContext) => Math.max(perArea * area, perPriorToken * priorContext),
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
  const { gpus = 1 } = file;
  const { kvTokens = kvTokensOf(file), maxSequences, maxBatchedTokens } = file.node;
  return { gpus, kvTokens, maxSequences, maxBatchedTokens };
}

function kvTokensOf(file: RooflineFile): number {
  const shape = modelShape(file.model);
  const { share, gpu } = machineOf(file, shape);
  const draft = file.speculative && draftShape(file, file.speculative.draft);
  const draftShare = draft && shareOf(draft, file.gpus ?? 1, file.attention);
  const index = shape.sparse ? shape.layers * shape.sparse.indexSize * INDEX_BYTES : 0;
  const weights = share.residentBytes + (draftShare?.residentBytes ?? 0);
  const perToken = share.cacheBytes + index + (draftShare?.cacheBytes ?? 0);
  const memory = gpu.memory * GIB * MEMORY_SHARE;
  const tokens = Math.floor((memory - weights) / perToken);
  if (tokens > 0) return tokens;
  const [needed, there] = [weights, memory].map((bytes) => (bytes / GIB).toFixed(1));
  const message = `profile ${file.name} does not fit: ${needed} GiB of weights a GPU, and ${there} GiB for them`;
  throw new SurgefleetError("INVALID_PARAMETER", message);
}

export const roofline = defineProfile({
  name: "roofline",
  summary: "An estimate from a model's shape and a GPU's datasheet.",
  options: rooflineKeys,
  create(keys, head) {
    const file: RooflineFile = { ...keys, ...head, kind: "roofline" };
    return {
      target: rooflinePass(file),
      draft: file.speculative && rooflineDraft(file, file.speculative.draft),
      node: rooflineNode(file),
    };
  },
});
