// Recorded stages beside their simulation, measure by measure, at each end of what the record leaves open. And what to
// calibrate next, by rule. Knows stages, not where they were read.
import { SurgefleetError } from "../../base/errors.js";
import * as format from "../../report/text/format.js";
import type { ProfileFile } from "../../server/profile/kinds.js";
import { type Compared, type ComparedDistribution, compared } from "./compared.js";
import { type Finding, outsideText } from "./diagnosis.js";
import type { TextSource } from "./recording-file.js";
import type { ReplayedEngine } from "./replayed-engine.js";
import { type EngineSettings, settingsOf } from "./settings.js";
import type { Percentiles, Stage, StageRecord } from "./stage.js";
import { readStages } from "./stage-files.js";
import type { MetricsOptions } from "./stage-metrics.js";
import {
  type SimulatedStage,
  type StageFleet,
  type StageOptions,
  simulateOnFleet,
  simulateStage,
} from "./stage-run.js";

/** A stage at one end of what its record leaves open. */
export interface StageComparison {
  /** What is taken to have been cached of each prompt. */
  readonly cached: string;
  readonly sent: Compared;
  readonly succeeded: Compared;
  readonly failed: Compared;
  readonly ttft: ComparedDistribution;
  readonly tpot: ComparedDistribution;
  readonly e2e: ComparedDistribution;
  readonly outputTokensPerSecond: Compared;
  /** Output tokens per second of a full batch, by the time per token; null where the batch is not full. */
  readonly capacity: Compared;
  /** Sequences decoding, on the average over the second half of the load. */
  readonly batch: number;
}

export interface StageResult {
  readonly name: string;
  readonly model: string;
  /** Null on a fleet, which is set as its scenario says. */
  readonly settings: EngineSettings | null;
  readonly bounds: readonly StageComparison[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** The document that `validate-profile --stages --json` prints. */
export interface StageReport {
  readonly schemaVersion: 1;
  /** Of a fleet: its name, and that it is a scenario. */
  readonly profile: { readonly name: string; readonly source: string; readonly estimate: boolean };
  readonly stages: readonly StageResult[];
}

export interface StageInput extends StageOptions, MetricsOptions {
  /** Asked for once; what it throws is told before the stages are read. */
  readonly profile: () => ProfileFile | StageFleet;
  /** A file each, or several stages in one. */
  readonly stages: readonly TextSource[];
  /** Only stages of this model; left out: all, which must be of one. */
  readonly model?: string | undefined;
  readonly settings?: Partial<EngineSettings>;
}

/**
 * Simulates each stage. Throws INVALID_TRACE with every problem of a file, USAGE where the stages are of several models
 * or none of the one that was named, and INVALID_PARAMETER where they cannot be simulated with these settings.
 */
export function validateStages({
  profile: read,
  stages: files,
  model,
  settings = {},
  since,
  seconds,
  ...options
}: StageInput): StageReport {
  const profile = read();
  const all = files.flatMap((file) => readStages(file, { since, seconds }));
  const models = [...new Set(all.map((stage) => stage.model))];
  if (model === undefined && models.length > 1) {
    throw new SurgefleetError(
      "USAGE",
      `the stages of ${named(files)} are of several models: name one with --model: ${models.join(", ")}`,
    );
  }
  const chosen = model === undefined ? all : all.filter((stage) => stage.model === model);
  if (chosen.length === 0) {
    const there = `there are ${models.join(", ")}`;
    throw new SurgefleetError("USAGE", `no stage of ${named(files)} is of the model ${model}: ${there}`);
  }
  return {
    schemaVersion: 1,
    profile: headOf(profile),
    stages: chosen.map((stage) => compareStage(stage, profile, settings, options)),
  };
}

const named = (files: StageInput["stages"]) => files.map(({ file }) => file).join(", ");

function headOf(target: ProfileFile | StageFleet): StageReport["profile"] {
  if ("load" in target)
    return { name: target.name, source: `a scenario, source ${target.source}`, estimate: false };
  const { name, source, estimate } = target;
  return { name, source, estimate };
}

/** A batch is full from this share of its cap on: some of its sequences prefill. */
const FULL = 0.9;
/** What is open decides where it makes more difference than this. */
const OPEN = 0.1;

export function compareStage(
  stage: Stage,
  target: ProfileFile | StageFleet,
  said: Partial<EngineSettings>,
  options: StageOptions = {},
): StageResult {
  const settings = "load" in target ? null : settingsOf(target, { ...stage.settings, ...said });
  let engine: ReplayedEngine | undefined;
  const bounds = stage.cached.map((cached) => {
    const simulated: SimulatedStage =
      "load" in target
        ? simulateOnFleet(stage, cached, target, options)
        : simulateStage(stage, cached, target, settings!, options);
    engine = simulated.engine;
    return comparison(cached.label, stage.recorded, simulated, settings);
  });
  const { name, model } = stage;
  const notes = engine === undefined ? stage.notes : [...stage.notes, engine.note];
  return { name, model, settings, bounds, findings: findingsOf(bounds, engine), notes };
}

function comparison(
  label: string,
  recorded: StageRecord,
  simulated: SimulatedStage,
  settings: EngineSettings | null,
): StageComparison {
  const most = settings === null ? Number.POSITIVE_INFINITY : settings.maxSequences * settings.replicas;
  const isFull = simulated.batch >= FULL * most;
  const fullRate = ({ tpot }: StageRecord) => (isFull && tpot.mean !== null ? most / tpot.mean : null);
  return {
    cached: label,
    sent: compared(recorded.sent, simulated.sent),
    succeeded: compared(recorded.succeeded, simulated.succeeded),
    failed: compared(recorded.failed, simulated.failed),
    ttft: distributions(recorded.ttft, simulated.ttft),
    tpot: distributions(recorded.tpot, simulated.tpot),
    e2e: distributions(recorded.e2e, simulated.e2e),
    outputTokensPerSecond: compared(recorded.outputTokensPerSecond, simulated.outputTokensPerSecond),
    capacity: compared(fullRate(recorded), fullRate(simulated)),
    batch: simulated.batch,
  };
}

function distributions(recorded: Percentiles, simulated: Percentiles): ComparedDistribution {
  const at = (key: keyof Percentiles) => compared(recorded[key], simulated[key]);
  return { mean: at("mean"), p50: at("p50"), p90: at("p90"), p99: at("p99") };
}

/** Ends that are so far apart that what is open decides. */
function openEnds(bounds: readonly StageComparison[]): Finding[] {
  const spread = (measure: (bound: StageComparison) => Compared) => {
    const values = bounds.flatMap((bound) => measure(bound).simulated ?? []);
    return values.length < 2 ? 0 : Math.max(...values) / Math.min(...values) - 1;
  };
  const measures = [
    ["end to end p50", spread(({ e2e }) => e2e.p50)],
    ["time to first token p50", spread(({ ttft }) => ttft.p50)],
  ] as const;
  const wide = measures.filter(([, share]) => share > OPEN);
  if (wide.length === 0) return [];
  const seen = wide.map(([name, share]) => `${name} differs by ${format.percent(share)}`).join(", ");
  const next =
    "with what was cached of prompts: record how many tokens were found in the cache (cached_tokens_mean; " +
    "vLLM counts them as vllm:prefix_cache_hits)";
  return [{ part: "cached prompts", seen, next }];
}

/** As far as the ends of what is open agree. */
function findingsOf(bounds: readonly StageComparison[], engine: ReplayedEngine | undefined): Finding[] {
  const both = (measure: (bound: StageComparison) => Compared, most: number) => {
    const errors = bounds.flatMap((bound) => measure(bound).error ?? []);
    if (errors.length < bounds.length) return undefined;
    const isLow = errors.every((error) => error < -most);
    return isLow || errors.every((error) => error > most) ? errors : undefined;
  };
  const words = (errors: readonly number[]) => [...new Set(errors.map(format.signedPercent))].join(" to ");
  const findings: Finding[] = [...openEnds(bounds)];
  const isFull = bounds.every(({ capacity }) => capacity.recorded !== null);
  const token = both(({ tpot }) => tpot.mean, 0.05);
  if (token !== undefined) {
    findings.push({
      part: isFull ? "capacity" : "time per token",
      seen: `time per token is ${words(token)}`,
      next: isFull
        ? "at a full batch: the slope of a step (time by context and by sequence), the row sizes, the engine's KV"
        : "compare stages: the same at every rate, it is the fixed part of a step; more at high rates, the slope",
    });
  }
  const first = both(({ ttft }) => ttft.p50, 0.12);
  if (first !== undefined && !isFull) {
    const missing = bounds.map(({ ttft: { p50 } }) => (p50.recorded ?? 0) - (p50.simulated ?? 0));
    findings.push({
      part: "time to first token",
      seen: `${words(first)} (p50), ${missing.map((one) => format.time(Math.abs(one))).join(" to ")}`,
      next: first[0]! < 0 ? outsideText(engine) : "less time of prefill, or more of each prompt was cached",
    });
  }
  const lost = bounds.map(({ succeeded }) => succeeded.error ?? 0);
  if (lost.every((error) => Math.abs(error) > 0.05)) {
    findings.push({
      part: "requests served",
      seen: `requests that succeed are ${words(lost)}`,
      next: "capacity first; then when callers give up (--timeout), and what was cached of prompts",
    });
  }
  return findings;
}
