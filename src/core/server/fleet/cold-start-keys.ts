// What a scenario says of cold starts: a preset by name, or stage by stage what differs from one. A stage is the time
// that one measurement of it took or two quantiles of many; weights take their bytes over the bandwidth of where they
// come from. What was measured, where and when is beside each number: docs/elastic.md has the table.
import * as z from "zod";
import { type Duration, duration as micros, seconds } from "../../base/units.js";
import { definitionOf, namesOf } from "../../document/definition.js";
import { type Time, time } from "../../document/times.js";
import { amount, real } from "../../document/units.js";
import { expected } from "../../document/words.js";
import { timeDistribution } from "../../random/time-distribution.js";
import type { ColdStartSpec } from "./cold-start.js";

const BYTES_PER_GIGABYTE = 1e9;

/** Where weights come from, and how many gigabytes a second of them reach one GPU's memory. */
export const WEIGHT_SOURCES = [
  {
    name: "nvme",
    gigabytesPerSecond: 3.5,
    source: "local NVMe, ordinary loader: 3.2 to 3.6 GB/s on 8 H100; ServerlessLLM h100_2025 @9f50241, read",
  },
  {
    name: "nvme-tuned",
    gigabytesPerSecond: 20,
    source: "local NVMe at 29 GB/s, tuned loader: 20 to 24 GB/s; ServerlessLLM h100_2025 @9f50241, read",
  },
  {
    name: "object-store",
    gigabytesPerSecond: 1.5,
    source: "ours, between 0.4 and 3 GB/s that run-ai/runai-model-streamer @f73a19a measured from S3, read",
  },
] as const;

const sourceName = z.enum(namesOf(WEIGHT_SOURCES) as unknown as ["nvme", "nvme-tuned", "object-store"]);

const weights = z.strictObject({
  bytes: amount({ above: 0, to: 1e14 }).exactOptional().describe("Bytes of weights that one instance loads."),
  from: sourceName
    .exactOptional()
    .describe("Where they come from, and at how many GB/s; default: the preset's."),
  bandwidth: real({ from: 0.001, to: 10_000 })
    .exactOptional()
    .describe("GB/s instead of those of where they come from."),
  spread: real({ from: 1, to: 10 })
    .exactOptional()
    .describe("Ninth decile over median of the time that takes; default 1.3, ours."),
});

const stage = (text: string) => time.exactOptional().describe(`${text} Default: the preset's.`);

const stages = {
  provision: stage("Until a node that is not up yet is."),
  image: stage("Pulling the image."),
  weights: weights.exactOptional().describe("Loading weights."),
  init: stage("Starting the engine: compiling, capturing graphs, warming up."),
  wake: stage("Until one that is asleep, with its weights in host memory, takes requests."),
};

interface Preset {
  readonly name: "warm" | "cached" | "cold";
  readonly summary: string;
  readonly source: string;
  readonly provision: Time;
  readonly image: Time;
  readonly from: (typeof WEIGHT_SOURCES)[number]["name"] | undefined;
  readonly init: Time;
  readonly wake: Time;
}

const between = (median: number, p90: number): Time => ({ median: seconds(median), p90: seconds(p90) });
const NONE = micros(0);

export const COLD_START_PRESETS: readonly [Preset, ...Preset[]] = [
  {
    name: "warm",
    summary: "The engine is there and only has to be started.",
    source: "ours: 5 s, 10 s at the ninth decile",
    ...{ provision: NONE, image: NONE, from: undefined, init: between(5, 10), wake: between(5, 10) },
  },
  {
    name: "cached",
    summary: "Image and compiled graphs are on the node, weights on its disk.",
    source: "ours, after 82 s with caches (Llama-3.1-8B on L40S, 2025-09; tensorfuse.io, excerpt)",
    ...{ provision: between(180, 420), image: NONE, from: "nvme" },
    ...{ init: between(60, 120), wake: between(5, 10) },
  },
  {
    name: "cold",
    summary:
      "Nothing is on the node: the image is pulled, weights come from an object store, graphs are compiled.",
    source: "ours, after 294 s without caches and 525 s on a new instance (tensorfuse.io, AWS; excerpts)",
    ...{ provision: between(180, 420), image: between(120, 300), from: "object-store" },
    ...{ init: between(200, 300), wake: between(5, 10) },
  },
];

const presetName = z.enum(namesOf(COLD_START_PRESETS) as unknown as ["warm", "cached", "cold"]);

const staged = z.strictObject({
  preset: presetName.describe("What holds where nothing else is said."),
  ...stages,
});

/** None: instances are ready at once. */
export const coldStart = z.union(
  [z.literal("none"), presetName.transform((preset): z.output<typeof staged> => ({ preset })), staged],
  { error: expected("none, warm, cached, cold, or a map like {preset: cached, weights: {bytes: 16G}}") },
);

export type ColdStartKeys = z.output<typeof coldStart>;

const DEFAULT_SPREAD = 1.3;

/** What cold starts are drawn from; undefined where they take no time. */
export function coldStartSpec(keys: ColdStartKeys): ColdStartSpec | undefined {
  if (keys === "none") return undefined;
  const preset = definitionOf(COLD_START_PRESETS, keys.preset, "cold start");
  const stated = (name: "provision" | "image" | "init" | "wake") =>
    timeDistribution(keys[name] ?? preset[name]);
  return {
    provision: stated("provision"),
    image: stated("image"),
    load: timeDistribution(loadTime(keys.weights ?? {}, preset.from)),
    init: stated("init"),
    wake: stated("wake"),
  };
}

/** Bytes over bandwidth. */
function loadTime(
  { bytes, from, bandwidth, spread = DEFAULT_SPREAD }: z.output<typeof weights>,
  usual: Preset["from"],
): Duration | Time {
  const name = from ?? usual;
  if (bytes === undefined || name === undefined) return NONE;
  const perSecond = bandwidth ?? definitionOf(WEIGHT_SOURCES, name, "source of weights").gigabytesPerSecond;
  const median = seconds(bytes / (perSecond * BYTES_PER_GIGABYTE));
  return spread === 1 ? median : { median, p90: micros(Math.round(median * spread)) };
}
