// What a profile file holds, version 1, as plain types: docs/profiles.md documents them, profile-schema.ts
// checks what people write. Times are milliseconds of one step, contexts and batches are counted in tokens.

/** Which machine the profile is for, and the settings it is meant to run with. */
export interface ProfileNode {
  /** GPUs that one replica takes. */
  readonly gpus: number;
  /** Tokens of context that the memory holds beside the weights. */
  readonly kvTokens: number;
  readonly maxSequences: number;
  readonly maxBatchedTokens: number;
}

/** Time of a step outside the GPU: scheduling, launching, reading tokens back. Milliseconds. */
export interface HostTimes {
  readonly step: number;
  /** Added where the step prefills. */
  readonly prefill: number;
  readonly perSequence: number;
  /** Added for each prompt token in the step: preparing the chunks. Default 0. */
  readonly perPrefillToken?: number;
}

/** Sizes that rows are padded up to, rising; beyond the last one on by its last gap. Left out: no padding. */
export interface RowSizes {
  readonly decode?: readonly number[];
  readonly mixed?: readonly number[];
}

/** Time of the draft model, for one drafted token. Milliseconds. */
export interface DraftTimes {
  readonly base: number;
  readonly perSequence: number;
  readonly perContextToken: number;
  readonly perPrefillToken: number;
}

/** Speculative decoding: a step drafts `tokens` one after another and verifies them all at once. */
export interface Speculation {
  readonly tokens: number;
  /** Chance that a drafted token is accepted given that those before it were. */
  readonly acceptance: number;
}

export interface Line {
  readonly constant: number;
  readonly perRow: number;
}

/** Time of the matrix products by padded rows, where it was measured row count by row count. */
export interface Curve {
  readonly rows: readonly number[];
  readonly ms: readonly number[];
}

/** GPU time: max(weights, compute) + experts + perSequence n + perContextToken S + max(perArea A, perPriorToken X). */
export interface GpuTimes {
  /** The larger of two lines: below the knee a step reads weights, above it computes. */
  readonly weights: Line;
  readonly compute: Line;
  /**
   * Half-width of the rounded corner between the two lines, in milliseconds; 0 or left out is a sharp one. Where the
   * lines w and c are less than this apart, (knee - |w - c|)^2 / (4 knee) is added to the larger: the products of one
   * step cross from reading to computing at different row counts. (Fitted by calibrate.)
   */
  readonly knee?: number;
  /** Added for each decoding sequence of a step that does not prefill: sampling, mostly. Default 0. */
  readonly perSequence?: number;
  readonly perContextToken: number;
  readonly perArea: number;
  readonly perPriorToken: number;
  /** Mixture of experts: all * (1 - (1 - active / count)^tokens), the expected share of experts touched. */
  readonly experts?: { readonly all: number; readonly count: number; readonly active: number };
  /**
   * A GPU that did not compute hard for a moment has a higher clock: the share of the matrix products of a
   * compute-bound step with prefill that this saves at most, and the time over which the clock comes back, and goes.
   */
  readonly boost?: { readonly share: number; readonly memoryMs: number };
  /** Take the place of the two lines at the row counts that they span. */
  readonly curves?: { readonly decode?: Curve; readonly mixed?: Curve };
}

interface ProfileHead {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly source: string;
  readonly estimate: boolean;
  readonly host?: HostTimes;
  readonly rows?: RowSizes;
}

export interface FitError {
  readonly points: number;
  readonly mean: number;
  readonly p90: number;
  readonly max: number;
}

export interface MeasuredFile extends ProfileHead {
  readonly kind: "measured";
  readonly node?: ProfileNode;
  readonly gpu: GpuTimes;
  readonly speculative?: Speculation & {
    readonly draft: DraftTimes;
    /** Where verifying was measured: takes the place of `gpu` for the lines and the context of decoding. */
    readonly verify?: Pick<GpuTimes, "weights" | "compute" | "perContextToken">;
  };
  /** Error of the fit as shares, for readers only. */
  readonly fit?: FitError & { readonly byRegime?: Readonly<Record<string, FitError>> };
}

/** A decode step that was timed: sequences, their summed context, milliseconds. */
export interface DecodePoint {
  readonly sequences: number;
  readonly context: number;
  readonly ms: number;
}

/** A prefill step that was timed: tokens of one chunk, tokens cached before it, milliseconds. */
export interface PrefillPoint {
  readonly tokens: number;
  readonly prior: number;
  readonly ms: number;
}

export interface TableFile extends ProfileHead {
  readonly kind: "table";
  readonly node?: ProfileNode;
  readonly decode: readonly DecodePoint[];
  readonly prefill: readonly PrefillPoint[];
  readonly speculative?: Speculation & { readonly draft: DraftTimes };
}

export type Precision = "bf16" | "fp8" | "fp4";

/** Grouped-query attention, multi-head and multi-query included. */
export interface GroupedAttention {
  readonly kind: "gqa";
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
}

/** Multi-head latent attention: what is cached is one latent vector a token, on every GPU. */
export interface LatentAttention {
  readonly kind: "mla";
  readonly heads: number;
  readonly queryRank: number;
  readonly kvRank: number;
  readonly ropeSize: number;
  readonly nopeSize: number;
  readonly valueSize: number;
}

/** Any other attention, by its totals for one layer. */
export interface GivenAttention {
  readonly kind: "given";
  readonly heads: number;
  /** Weights of a layer's attention. */
  readonly parameters: number;
  /** Numbers cached for a token, mean over the layers, the same on every GPU. */
  readonly cacheSize: number;
  /** Size of a head's query and of its value, together. */
  readonly pairSize: number;
  /** Context tokens that share one cached entry, on the average. */
  readonly tokensPerEntry: number;
}

export interface ModelShape {
  readonly source: string;
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly attention: GroupedAttention | LatentAttention | GivenAttention;
  /** A query reads this many tokens, chosen by an index of `indexHeads` heads of `indexSize` over all of them. */
  readonly sparse?: { readonly tokens: number; readonly indexHeads: number; readonly indexSize: number };
  /** Width of the dense feed-forward layers; left out where there are none. */
  readonly intermediate?: number;
  readonly experts?: {
    readonly count: number;
    readonly active: number;
    readonly intermediate: number;
    /** Experts that every token uses, of the same width. */
    readonly shared?: number;
    /** First layers without experts. */
    readonly denseLayers?: number;
  };
  /** Bytes of one weight, one weight of an expert that is chosen, one cached number. */
  readonly bytes: { readonly weight: number; readonly expert?: number; readonly cache: number };
  /** What the products are computed in, and those of the chosen experts where they differ. */
  readonly precision: Precision;
  readonly expertPrecision?: Precision;
  /** The output matrix is the embedding: memory holds it once. */
  readonly tiedEmbedding?: boolean;
}

/** A GPU as its datasheet has it. */
export interface GpuSheet {
  readonly source: string;
  /** GiB: what is sold as 80 GB are 80 GiB. */
  readonly memory: number;
  /** TB/s. */
  readonly bandwidth: number;
  /** Dense TFLOP/s by precision. */
  readonly flops: { readonly bf16: number; readonly fp8?: number; readonly fp4?: number };
  /** Streaming multiprocessors. */
  readonly multiprocessors: number;
  /** GB/s in one direction to the other GPUs of the node. */
  readonly link: number;
}

/** How much of the datasheet is reached, and what each layer costs beside: fitted, see docs/profiles.md. */
export interface Efficiency {
  /** Share of the datasheet's bandwidth at which weights and cache are read. */
  readonly bandwidth: number;
  /** Share of the datasheet's FLOP/s of matrix products. */
  readonly compute: number;
  /** Share of the datasheet's FLOP/s of attention in prefill. */
  readonly attention: number;
  /** Milliseconds of a layer that no hardware number scales: launches and small kernels. */
  readonly perLayer: number;
  /** Added in layers with experts: routing, sorting. */
  readonly perExpertLayer: number;
  /** How reading and computing overlap: (r^p + c^p)^(1/p), a sum at 1, the larger at infinity. */
  readonly overlap: number;
  /** Milliseconds of one all-reduce, whatever its size: an assumption, since nothing here measured it. */
  readonly perCollective: number;
}

/** A draft: a model of its own on the same GPUs, or so many layers of the target with its output matrix. */
export type Draft = DraftTimes | { readonly model: string | ModelShape } | { readonly layers: number };

export interface RooflineFile extends ProfileHead {
  readonly kind: "roofline";
  readonly estimate: true;
  /** A name of the catalogue, or a shape. */
  readonly model: string | ModelShape;
  readonly gpu: string | GpuSheet;
  /** GPUs that share every layer. Default 1. */
  readonly gpus?: number;
  /**
   * How they share attention: `tensor` (default) splits its heads, `data` gives each GPU its own sequences and a full
   * copy of the attention weights, so that a latent cache is not held on every GPU.
   */
  readonly attention?: "tensor" | "data";
  /** Whether the all-reduces of a layer take time. Default: with more than one GPU. */
  readonly collectives?: boolean;
  readonly efficiency?: Partial<Efficiency>;
  /** The KV, where left out, follows from the shape, the parallelism and the memory. */
  readonly node?: Pick<ProfileNode, "maxSequences" | "maxBatchedTokens"> & { readonly kvTokens?: number };
  readonly speculative?: Speculation & { readonly draft: Draft };
}

/** A profile as its file says it. */
export type ProfileFile = MeasuredFile | TableFile | RooflineFile;
