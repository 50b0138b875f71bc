// Profile files with round numbers, for arithmetic that can be done by hand.
import type { MeasuredFile } from "../../../../src/core/server/profile/file/measured-keys.js";
import type { RooflineFile } from "../../../../src/core/server/profile/file/roofline-keys.js";
import type { TableFile } from "../../../../src/core/server/profile/file/table-keys.js";

const head = { schemaVersion: 1, name: "by-hand", source: "made up" } as const;

export const MEASURED: MeasuredFile = {
  ...head,
  kind: "measured",
  estimate: false,
  gpu: {
    weights: { constant: 4, perRow: 0.01 },
    compute: { constant: 1, perRow: 0.05 },
    perContextToken: 5e-5,
    perArea: 1e-6,
    perPriorToken: 5e-4,
  },
  host: { step: 0.1, prefill: 0.3, perSequence: 0.002 },
  rows: { decode: [1, 2, 4, 8], mixed: [64, 128] },
};

export const TABLE: TableFile = {
  ...head,
  kind: "table",
  estimate: false,
  decode: [
    { sequences: 1, context: 1000, ms: 5 },
    { sequences: 1, context: 3000, ms: 5.2 },
    { sequences: 9, context: 9000, ms: 7.3 },
    { sequences: 9, context: 19_000, ms: 9.3 },
  ],
  prefill: [
    { tokens: 100, prior: 0, ms: 6 },
    { tokens: 300, prior: 0, ms: 10 },
    { tokens: 100, prior: 1000, ms: 6.1 },
  ],
};

/** A model of 2 layers on a GPU that reads 1e9 and computes 1e12 a millisecond. */
export const ROOFLINE: RooflineFile = {
  ...head,
  kind: "roofline",
  estimate: true,
  model: {
    source: "made up",
    layers: 2,
    hidden: 1000,
    vocabulary: 10_000,
    attention: { kind: "gqa", heads: 8, kvHeads: 2, headSize: 100 },
    intermediate: 4000,
    bytes: { weight: 2, cache: 2 },
    precision: "bf16",
  },
  gpu: {
    source: "made up",
    memory: 1,
    bandwidth: 1,
    flops: { bf16: 1000 },
    multiprocessors: 10,
    link: { source: "made up", bandwidth: 100, achieved: 1, latency: 0.02, hop: 0.005, peers: "all" },
  },
  efficiency: {
    bandwidth: 1,
    compute: 1,
    attention: 1,
    perLayer: 0.01,
    perExpertLayer: 0.1,
    overlap: 2,
  },
};
