// The scenario file, version 1, key by key: what each key may hold, its unit and its default. What keys
// demand of each other is in cross-checks.ts, what presets stand for in resolve.ts.
import * as z from "zod";
import { nameOf } from "../document/definition.js";
import { portion } from "../document/portion.js";
import { count, duration, MILLISECOND, name, share } from "../document/units.js";
import { expected, quote } from "../document/words.js";
import { fault } from "../server/fleet/faults/registry.js";
import { CACHE_ESTIMATORS } from "../server/gateway/cached/registry.js";
import { paths, pools } from "./fleet.js";
import { inventory } from "./inventory.js";
import { limits, retryAfter } from "./limits.js";
import { provider } from "./provider.js";
import { traffic } from "./traffic.js";

const threshold = z.union(
  [
    z.string(),
    z.strictObject({
      threshold: z.string().describe('An expression like "rate<0.1%".'),
      allowNoData: z
        .boolean()
        .prefault(false)
        .describe("Without data the threshold passes; default: it fails."),
      abortOnFail: z
        .boolean()
        .prefault(false)
        .describe("Once it has failed for certain, the run ends, and so do further replications."),
      delayAbortEval: duration()
        .exactOptional()
        .describe("How much of the measured window must have passed before; default 0s. With abortOnFail."),
    }),
  ],
  { error: expected('an expression like "rate<0.1%", or {threshold: "rate<0.1%", allowNoData: true}') },
);

const thresholdList = z.union([threshold, z.array(threshold).min(1)], {
  error: expected('an expression like "rate<0.1%", or a list of them'),
});

const outage = z.strictObject({
  pool: name.describe("The pool that is down, or has instances that are."),
  from: duration().describe("Start, counted from the start of the run."),
  for: duration({ above: 0 }).describe("Length."),
  instances: portion(100_000)
    .exactOptional()
    .describe(
      "So many of its instances, or that share of those that are up, are lost with all they hold, and fresh ones " +
        "come at the end; left out: the pool is closed as a whole, and keeps its caches.",
    ),
});

const check = z.strictObject({
  seeds: count(1, 100_000)
    .exactOptional()
    .describe("Seeds that surgefleet check runs it on; default 8, or 20 by strata where accounts swing."),
  duration: duration({ above: 0 })
    .exactOptional()
    .describe("Length that surgefleet check runs it for; default: the run's. For runs too long for a gate."),
  worstRun: share({ above: 0 })
    .exactOptional()
    .describe(
      "The largest share of its attempts that a tier loses in a bad run. Where no seed shows an event, it bounds how " +
        "much one that was not run may hold; left out: all of them.",
    ),
});

const trigger = z.strictObject({
  from: duration().describe("When the disturbance begins, counted from the start of the run."),
  for: duration({ above: 0 }).describe("How long it lasts."),
  window: duration({ above: 0 }).prefault("60s").describe("Over which goodput is averaged."),
  share: share({ above: 0 }).prefault("90%").describe("Goodput is back at this share of what it was."),
});

const scenarioName = z.string({ error: expected("a name as text") }).regex(/^[a-z0-9][a-z0-9-]{0,63}$/, {
  error: (issue) => `${quote(issue.input)} is not a name: lower-case letters, digits and "-", at most 64`,
});

const reference = z
  .string({ error: expected('a file, or "preset:NAME"') })
  .min(1, { error: "the name of the base is empty" });

const seedError: z.core.$ZodErrorMap = (issue) =>
  `${quote(issue.input)} is not a seed: write text, or a whole number up to 2^53`;

const seed = z
  .union([z.string().min(1).max(256), z.int({ error: seedError }).min(0, { error: seedError })], {
    error: seedError,
  })
  .transform(String);

/** Parses to the file with units read and defaults filled in; presets are still names. */
export const scenarioFile = z.strictObject({
  schemaVersion: z
    .literal(1, { error: (issue) => `schemaVersion ${quote(issue.input)} is not known here: write 1` })
    .describe("Version of this format."),
  name: scenarioName
    .exactOptional()
    .describe(
      "Name of the scenario and of its result folder; default: the file's name. Not taken from a base.",
    ),
  description: z
    .string({ error: expected("text") })
    .exactOptional()
    .describe("Free text. Not taken from a base."),
  extends: z
    .union([reference, z.array(reference).min(1)], {
      error: expected('a file, "preset:NAME", or a list of them'),
    })
    .exactOptional()
    .describe(
      'Bases whose keys apply where this file says nothing: files relative to this one, or "preset:NAME".',
    ),
  seed: seed.prefault("1").describe("Seed of every stream of chance."),
  duration: duration({ above: 0 })
    .exactOptional()
    .describe("Length of the run; may be left out only if all traffic comes from traces."),
  warmup: z
    .union([z.literal("auto"), duration()], { error: expected('a duration like "10m", or auto') })
    .prefault("0s")
    .describe("Start of the run that results leave out; shorter than duration. auto: found by pilot runs."),
  drain: z
    .boolean()
    .exactOptional()
    .describe(
      "Whether nothing arrives any more after the duration and the run waits for what there is; default: only if " +
        "there is no duration. Else traffic goes on until what began before has ended, but is not counted.",
    ),
  sampling: z
    .strictObject({
      interval: duration({ from: MILLISECOND }).prefault("1s").describe("Width of a bin; at least 1ms."),
    })
    .prefault({})
    .describe("The time series of the results."),
  inventory: inventory.describe("The GPUs there are."),
  pools: pools.describe("Pools of replicas, by name."),
  paths: paths.describe(
    "Paths, by name: a model id and service tier, the pool that serves it, its rank and price.",
  ),
  provider: provider
    .prefault("fireworks")
    .describe("Whose API it is: statuses, codes and headers of refusals, service tiers. docs/providers.md."),
  cacheEstimator: nameOf(CACHE_ESTIMATORS)
    .prefault("session-last")
    .describe(
      "What of a prompt counts as cached until it starts, wherever a limit or policy looks at that. The start trues " +
        "it up.",
    ),
  limits: limits.exactOptional().describe("Limits per account and model; left out: none."),
  retryAfter: retryAfter.prefault({}).describe("The retry-after that refusals carry."),
  outages: z.array(outage).prefault([]).describe("Times at which a pool, or some of its instances, is down."),
  faults: z
    .record(name, fault)
    .prefault({})
    .describe("What breaks, by name: by schedule, or by chance from streams of its own. docs/faults.md."),
  traffic: traffic.describe("Sources of requests, by name."),
  trigger: trigger
    .exactOptional()
    .describe("A disturbance whose aftermath is judged: whether goodput comes back, and when."),
  check: check.prefault({}).describe("How surgefleet check runs this scenario."),
  thresholds: z
    .record(z.string(), thresholdList)
    .prefault({})
    .describe(
      'What the results must meet: a metric like "overloaded_rate{tier:priority}" and its expressions.',
    ),
});

export type ScenarioFile = z.output<typeof scenarioFile>;
