// What is committed of a result: enough to compare with, seed by seed, and to tell a change of the software from one of
// what went in. Knows its form, not what a comparison makes of it.

import * as z from "zod";
import { SurgefleetError } from "../../base/errors.js";
import { plainWords } from "../../document/plain-words.js";
import { jsonFault } from "../../text/json-fault.js";
import { INTERVAL_METHODS, type IntervalMethod, isOnlyRun } from "../shape/interval-method.js";
import type { Estimate, Replication, RunResult, SeedStrata } from "../shape/result.js";

const BASELINE_SCHEMA_VERSION = 2;
/** Digits of the numbers in a baseline: more than any difference that matters has. */
const DIGITS = 9;
/** Seeds on either side below which a build must not depend on a comparison: docs/ci.md. */
export const LEAST_SEEDS = 8;

/** What was simulated of a scenario, in seconds; null where traces or pilot runs decide. */
export interface BaselineWindow {
  readonly duration: number | null;
  readonly warmup: number | null;
}

/** What went in, by hash: equal hashes, equal inputs. */
export interface BaselineInputs {
  /** Version of this program. */
  readonly surgefleet: string;
  /** What the scenario says of the simulation, after extends and overrides; without profiles. */
  readonly scenario: string;
  /** By the pools that run on them. */
  readonly profiles: Readonly<Record<string, string>>;
  /** By the name that the scenario gives them; null for what is no regular file. */
  readonly traces: Readonly<Record<string, string | null>>;
}

/** What a record says beside the result's own numbers. */
export interface BaselineOrigin {
  readonly window: BaselineWindow;
  /** Null where a result does not say. */
  readonly inputs: BaselineInputs | null;
}

/** What is committed of a result. */
export interface BaselineRecord extends BaselineOrigin {
  readonly schemaVersion: typeof BASELINE_SCHEMA_VERSION;
  readonly scenario: string;
  /** From which the replications' seeds were made. */
  readonly seed: string;
  /** Null where seeds were counted off. */
  readonly strata: SeedStrata | null;
  readonly estimates: readonly Estimate[];
  readonly replications: readonly Replication[];
}

const UNKNOWN: BaselineOrigin = { window: { duration: null, warmup: null }, inputs: null };

/** A result whose seeds may have been chosen. */
export type ChosenResult = RunResult & { readonly strata?: SeedStrata | null };

export function baselineRecord(
  { scenario, seed, strata = null, estimates, replications }: ChosenResult,
  { window, inputs }: BaselineOrigin = UNKNOWN,
): BaselineRecord {
  return {
    schemaVersion: BASELINE_SCHEMA_VERSION,
    scenario,
    seed,
    window,
    inputs,
    strata,
    estimates: estimates.map((one) => ({
      ...one,
      value: rounded(one.value),
      low: rounded(one.low),
      high: rounded(one.high),
    })),
    replications: replications.map((one) => ({
      seed: one.seed,
      values: one.values.map(rounded),
      weights: one.weights.map((weight) => rounded(weight)!),
    })),
  };
}

const FEW_SEEDS = `it has fewer than ${LEAST_SEEDS} seeds, which say too little of chance`;
const METHODS = Object.keys(INTERVAL_METHODS) as IntervalMethod[];
const number = z.number().nullable();
const INPUTS = z.object({
  surgefleet: z.string(),
  scenario: z.string(),
  profiles: z.record(z.string(), z.string()),
  traces: z.record(z.string(), z.string().nullable()),
});
const BLOCK = z.object({
  candidates: z.number(),
  strata: z.array(z.object({ share: z.number().positive(), seeds: z.array(z.string()).min(1) })),
});

const RECORD = z
  .object({
    schemaVersion: z.literal(BASELINE_SCHEMA_VERSION),
    scenario: z.string(),
    seed: z.string(),
    window: z.object({ duration: number, warmup: number }),
    inputs: INPUTS.nullable(),
    strata: z.object({ blocks: z.array(BLOCK).min(1) }).nullable(),
    estimates: z
      .array(
        z.looseObject({
          metric: z.string(),
          aggregation: z.string(),
          unit: z.string(),
          better: z.enum(["lower", "higher", "none"]),
          value: number,
          method: z.enum(METHODS),
        }),
      )
      .min(1),
    replications: z
      .array(z.object({ seed: z.string(), values: z.array(number), weights: z.array(z.number().min(0)) }))
      .min(1, { error: FEW_SEEDS }),
  })
  .refine(
    ({ estimates, replications }) =>
      replications.every(
        ({ values, weights }) => values.length === estimates.length && weights.length === estimates.length,
      ),
    { error: "its replications do not fit its estimates" },
  )
  .refine((record) => record.replications.length >= LEAST_SEEDS || isOnlyRun(record), {
    error: FEW_SEEDS,
  });

/** Throws USAGE for a text that is none of ours, naming the file, the first thing that is wrong and what to do. */
export function parseBaseline(text: string, file: string): BaselineRecord {
  const refuse = (why: string) =>
    new SurgefleetError(
      "USAGE",
      `${file} is no baseline of this version: ${why}; write it anew with --update`,
    );
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    const { line, column, what } = jsonFault(text);
    throw refuse(`it is not JSON at ${line}:${column}, ${what}`);
  }
  const parsed = RECORD.safeParse(document, { error: plainWords });
  if (parsed.success) return document as BaselineRecord;
  const { path, message } = parsed.error.issues[0]!;
  throw refuse(path.length === 0 ? message : `${path.join(".")}: ${message}`);
}

/** What differs of what went in, in the words of a message; nothing where either does not say. */
export function changedInputs(before: BaselineInputs | null, after: BaselineInputs | null): string[] {
  if (before === null || after === null) return [];
  const [was, is] = [before.surgefleet, after.surgefleet];
  return [
    ...(before.scenario === after.scenario ? [] : ["the scenario"]),
    ...differing(before.profiles, after.profiles).map((pool) => `the profile of pool ${pool}`),
    ...differing(before.traces, after.traces).map((trace) => `the trace ${trace}`),
    ...(was === is ? [] : [`surgefleet (${was}, now ${is})`]),
  ];
}

/** Of those that both name: what only one has is told by the scenario. */
function differing(
  before: Readonly<Record<string, string | null>>,
  after: Readonly<Record<string, string | null>>,
): string[] {
  return Object.keys(before).filter((key) => Object.hasOwn(after, key) && after[key] !== before[key]);
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));
}
