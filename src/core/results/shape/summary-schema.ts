// What summary.json holds, as a schema: of what the tables of metrics list, made from their rows; of the rest, stated
// here. The same schema is published as JSON Schema, and checks a result that is read back: a file may have been
// edited, cut off or written by another program. Unknown keys pass, since rows are added within a version.
import * as z from "zod";
import { RUN_EVENT_KINDS } from "../../base/run-event.js";
import { plainWords } from "../../document/plain-words.js";
import { ACCOUNT_ROWS } from "../metrics/accounts.js";
import { FLEET_ROWS } from "../metrics/fleet.js";
import { OPERATORS } from "../metrics/kinds.js";
import { LOAD_ROWS } from "../metrics/load.js";
import { POOL_ROWS } from "../metrics/pools.js";
import { RECOVERY_ROWS } from "../metrics/recovery.js";
import type { Holds, Table } from "../metrics/rows.js";
import { TIME_ROWS, WORK_ROWS } from "../metrics/run.js";
import { ELASTIC_SERIES_KEYS, POOL_SERIES_KEYS, TIER_SERIES_KEYS } from "../metrics/series.js";
import { SESSION_ROWS } from "../metrics/sessions.js";
import { MEASURED_STATISTICS } from "../metrics/summary.js";
import { SOURCE_ROWS, TIER_ROWS, TRACKED_ROWS } from "../metrics/tier.js";
import { METRIC_UNITS } from "../metrics/units.js";
import { CAVEAT_KINDS } from "./caveat-kinds.js";
import { CUT_SCHEMA } from "./cuts.js";
import { DISTRIBUTION_MEASURES } from "./distribution.js";
import { INTERVAL_METHODS } from "./interval-method.js";
import { READING_SCHEMA } from "./reading.js";
import { RESULT_SCHEMA_VERSION } from "./result.js";

const count = z.number();
const measured = z.number().nullable();

const byKey = <Kind extends z.ZodType>(keys: readonly string[], kind: Kind) =>
  Object.fromEntries(keys.map((key) => [key, kind]));

const summary = z.looseObject({
  count,
  ...byKey(MEASURED_STATISTICS, measured),
  exact: z.boolean().describe("false where the quantiles come from a histogram and may be off by 0.1 %"),
});

const PLAIN = {
  count,
  measured,
  text: z.string(),
  "optional-text": z.string().nullable(),
  "text-if-any": z.string().optional(),
  flag: z.boolean(),
  summary,
  counts: z.record(z.string(), count),
} as const;

function held(holds: Holds): z.ZodType {
  if (holds.kind === "choice") return z.enum(holds.of as [string, ...string[]]);
  if (holds.kind !== "group") return PLAIN[holds.kind];
  const group = ofTable(holds.table);
  return holds.isOptional ? group.nullable() : group;
}

/** Every row of the table, in its order. */
function ofTable(table: Table): z.ZodObject {
  const rows = Object.entries(table).map(([key, { means, holds }]) => [key, held(holds).describe(means)]);
  return z.looseObject(Object.fromEntries(rows));
}

const interval = {
  low: measured,
  high: measured,
  n: count.describe("independent samples behind the interval"),
  method: z.enum(Object.keys(INTERVAL_METHODS) as [string, ...string[]]),
};

const unit = z.enum(METRIC_UNITS as [string, ...string[]]);

const thresholds = z.looseObject({
  metric: z.string().describe("as written in the scenario"),
  expression: z.string(),
  bound: z
    .looseObject({ operator: z.enum(OPERATORS), value: count, unit })
    .describe("what the expression asks of the value"),
  verdict: z.enum(["pass", "fail", "undecided", "no-data"]),
  observed: measured.describe("null without data, and for a time that never came"),
  ...interval,
});

const estimates = z.looseObject({
  metric: z.string().describe("as a threshold names it, with all its tags"),
  aggregation: z.string(),
  unit,
  better: z.enum(["lower", "higher", "none"]),
  value: measured.describe("null without data"),
  ...interval,
  oneRun: z
    .looseObject({ low: z.number(), high: z.number(), confidence: count.describe("at least") })
    .nullable()
    .describe("between which values a single run lies; null where nothing tells"),
});

const distributions = z.looseObject({
  tier: z.string(),
  measure: z.enum(DISTRIBUTION_MEASURES as [string, ...string[]]),
  edges: z.array(count).describe("bin i holds values from edges[i] up to, but not at, edges[i + 1]"),
  counts: z.array(count),
});

const replications = z.looseObject({
  seed: z.string(),
  values: z.array(measured).describe("of every measure, in the order of `estimates`"),
  weights: z.array(count).describe("denominators of quotients and means, else 1"),
});

const strata = z.looseObject({
  blocks: z.array(
    z.looseObject({
      candidates: count.describe(
        "seeds out of which these were chosen, by what was known of them beforehand",
      ),
      strata: z.array(
        z.looseObject({
          share: count.describe("of all seeds"),
          seeds: z.array(z.string()).describe("those that were run, picked at random"),
        }),
      ),
    }),
  ),
});

const events = z.looseObject({
  at: count.describe("seconds from the start of the run"),
  until: count.describe("likewise, of the last one where several were taken together"),
  kind: z.enum(RUN_EVENT_KINDS),
  pool: z.string().nullable().describe("null where it is of no single one"),
  count: count.describe("how many instances or nodes, or else events"),
  before: count.optional().describe("replicas that were wanted before"),
  after: count.optional().describe("and that are wanted since"),
  name: z.string().optional().describe("the kind of fault, the model or the type of nodes"),
  zone: count.optional().describe("of those nodes, counted from 1; where their type has several"),
  by: z.string().optional().describe("where the scenario names the fault that did it"),
  text: z.string(),
});

const tier = ofTable(TIER_ROWS);

const SUMMARY = {
  schemaVersion: z.literal(RESULT_SCHEMA_VERSION),
  scenario: z.string(),
  description: z.string(),
  seed: z.string().describe("of several replications, the one from which theirs were made"),
  partial: z.boolean().describe("whether the run was interrupted: the numbers then cover what had run"),
  time: ofTable(TIME_ROWS),
  tiers: z.array(tier).describe("a row per tier, in the scenario's order"),
  all: tier.describe("the same for all tiers together"),
  sources: z.array(ofTable(SOURCE_ROWS)).describe("the same by source, where there are several"),
  pools: z.array(ofTable(POOL_ROWS)),
  fleet: ofTable(FLEET_ROWS).describe("the inventory as a whole"),
  sessions: z.array(ofTable(SESSION_ROWS)).describe("a row per source whose callers have sessions"),
  distributions: z.array(distributions).describe("how each tier's times, speeds and lengths are spread"),
  accounts: z.array(ofTable(ACCOUNT_ROWS)).describe("those with the most attempts, then all others in one"),
  trackedAccounts: z
    .array(ofTable(TRACKED_ROWS))
    .describe("the same of accounts that thresholds name, or that send most by the scenario's rates"),
  recovery: ofTable(RECOVERY_ROWS).nullable().describe("null where the scenario names no trigger"),
  load: ofTable(LOAD_ROWS).describe("whether the fleet keeps up with its load"),
  timeline: z
    .array(events)
    .optional()
    .describe("what happened to the fleet, in order of time; left out where nothing did"),
  thresholds: z.array(thresholds),
  confidence: count.describe("of the intervals of estimates"),
  judgedAt: count.describe("of those of thresholds: higher where they were looked at more than once"),
  estimates: z.array(estimates),
  strata: strata.nullable().describe("how the seeds were chosen; null where they were not"),
  replications: z.array(replications),
  work: ofTable(WORK_ROWS),
  reading: z
    .array(READING_SCHEMA)
    .optional()
    .describe("what reading traces did to them, by source; left out where none was read"),
  cuts: z
    .array(CUT_SCHEMA)
    .optional()
    .describe("what was to be longer than its bound, by source; left out where nothing was"),
  caveats: z
    .array(z.looseObject({ kind: z.enum(CAVEAT_KINDS), text: z.string() }))
    .describe("what to know besides the numbers"),
};

const bins = z.array(count);
const series = z.looseObject({
  interval: count,
  tiers: z.array(z.looseObject({ tier: z.string(), ...byKey(TIER_SERIES_KEYS, bins) })),
  pools: z.array(
    z.looseObject({
      pool: z.string(),
      ...byKey(POOL_SERIES_KEYS, bins),
      ...byKey(ELASTIC_SERIES_KEYS, bins.optional()),
    }),
  ),
});

/** The history may lie in a file of its own, and what was added within the version is missing in older files. */
const storedTier = tier.partial({ fairness: true });
const storedResult = z.looseObject({
  ...SUMMARY,
  tiers: z.array(storedTier),
  all: storedTier,
  accounts: z.array(
    ofTable(ACCOUNT_ROWS).partial({ endedRequests: true, demandedTokens: true, servedTokens: true }),
  ),
  load: SUMMARY.load.optional(),
  strata: SUMMARY.strata.optional(),
  caveats: SUMMARY.caveats.optional(),
  series: series.optional(),
  sources: SUMMARY.sources.optional(),
  trackedAccounts: SUMMARY.trackedAccounts.optional(),
  pools: z.array(ofTable(POOL_ROWS).partial({ scaling: true, gpuCost: true })),
  fleet: SUMMARY.fleet.partial({ scaling: true, isPriced: true, gpuCost: true }),
});

/** What is wrong with a result that was read back: where, and why. */
export function problemsOfResult(value: unknown): { readonly place: string; readonly why: string }[] {
  const { error } = storedResult.safeParse(value, { error: plainWords });
  return (error?.issues ?? []).map(({ path, message }) => ({ place: path.join("."), why: message }));
}

const TITLE = "surgefleet summary.json";
const ID = `urn:surgefleet:schema:summary:${RESULT_SCHEMA_VERSION}`;

/** JSON Schema (draft 7) of summary.json. */
export function summaryJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(z.looseObject(SUMMARY), { target: "draft-7", io: "input" });
  return { $schema, $id: ID, title: TITLE, ...rest };
}
