// What the GPUs of a run cost, and what was got for it: the table of what a result holds of it, with what thresholds
// may ask. Every rate stands beside what it is of, so that over replications both are added up. How the bill comes
// about is the fleet's business.
import { type Ask, type AskText, type Sample, VALUE } from "./asks.js";
import type { GpuCosts } from "./judged.js";
import { type PoolRule, ratio, ratioOfSums, SUM, SUM_OR_NULL } from "./pooling.js";
import type { ReadRow } from "./rows.js";

type CostRow<Value extends number | null, Name extends string = never, Whole = unknown> = ReadRow<
  GpuCosts,
  Value,
  Name,
  Whole
>;
type CostText<Name extends string> = Pick<AskText<Name>, "name" | "basis"> & {
  readonly column: string;
  readonly means: string;
} & Pick<Ask, "always" | "answers">;

/** Of columns that summary.csv has in its last row alone, behind those that came before them. */
const PLACE = 12;
/** 365 days by twelve, as cloud prices have it. */
const HOURS_PER_MONTH = 730;
const MILLION = 1e6;
const NO_DATA: Sample = { value: null, weight: 0 };

function dollars<Value extends number | null, const Name extends string, Whole>(
  { column, means, ...text }: CostText<Name>,
  pool: PoolRule<Value, Whole>,
  read: (costs: GpuCosts) => Value,
  weight: (costs: GpuCosts) => number,
): CostRow<Value, Name, Whole> {
  const rest = { of: "run", kind: "value", isOfEither: false, isBatched: false, awaits: "nothing" } as const;
  const sampleOf = (costs: GpuCosts): Sample => ({ value: read(costs), weight: weight(costs) });
  return {
    means,
    holds: { kind: "measured" },
    pool,
    columns: [{ name: column, place: PLACE, value: (value) => value }],
    texts: [{ names: `\`${column}\``, place: PLACE, unit: "US$", means }],
    read,
    asks: [
      {
        ...{ ...text, ...rest, unit: "dollars", unitText: "US$", better: "lower" },
        sample: ({ fleet }) => (fleet?.costs ? sampleOf(fleet.costs) : NO_DATA),
      },
    ],
  };
}

/** What it is by, with how much of that there was, in the result and in its totals. */
type Divisor = "hours" | "tokens" | "sessions";
type Whole = Readonly<{ total: number } & Record<Divisor, number | null>>;

/** US dollars by so much of something. */
function costPer<const Name extends string>(
  text: CostText<Name>,
  divisor: Divisor,
  unit: number,
): CostRow<number | null, Name, Whole> {
  const units = (of: Pick<Whole, Divisor>) => (of[divisor] ?? 0) / unit;
  return dollars(
    text,
    ratioOfSums(({ total }: Whole) => total, units),
    (costs) => ratio(costs.total, units(costs)),
    units,
  );
}

function amount<Value extends number | null>(
  means: string,
  kind: "count" | "measured",
  pool: PoolRule<Value>,
  read: (costs: GpuCosts) => Value,
): CostRow<Value> {
  return { means, holds: { kind }, pool, columns: [], texts: [], read, asks: [] };
}

const one = () => 1;

/** In the order in which a result has them. */
export const GPU_COST_ROWS = {
  total: {
    ...dollars(
      {
        ...{ name: "gpu_cost", column: "gpu_cost_usd", always: [VALUE] },
        basis: "of GPUs in the measured window; no data where some were used that have no price",
        means:
          "of GPUs in the measured window: on demand and spot while instances held them, in whatever state; reserved " +
          "ones all the time; empty where some were used that have no price",
      },
      SUM,
      ({ total }) => total,
      one,
    ),
    holds: { kind: "count" },
  } satisfies CostRow<number, "gpu_cost">,
  unused: {
    ...amount(
      "of that, reserved GPUs that no instance held, their node gone or not",
      "count",
      SUM,
      ({ unused }) => unused,
    ),
    columns: [{ name: "gpu_cost_unused_usd", place: PLACE, value: (value: number) => value }],
    texts: [
      {
        ...{ names: "`gpu_cost_unused_usd`", place: PLACE, unit: "US$" },
        means: "of that, reserved GPUs that no instance held, their node gone or not",
      },
    ],
  },
  hours: amount("hours of the measured window", "count", SUM, ({ hours }) => hours),
  tokens: amount("generated in it, for whichever attempt", "count", SUM, ({ tokens }) => tokens),
  sessions: amount(
    "sessions that finished in it; null where the traffic has none",
    "measured",
    SUM_OR_NULL,
    ({ sessions }) => sessions,
  ),
  perHour: costPer(
    {
      ...{ name: "cost_per_hour", column: "gpu_cost_per_hour_usd", always: [] },
      ...{ basis: "of GPUs, by the hour", means: "of GPUs by the hour" },
    },
    "hours",
    1,
  ),
  perMonth: costPer(
    {
      ...{ name: "cost_per_month", column: "gpu_cost_per_month_usd", always: [VALUE] },
      ...{ basis: "of GPUs, by 730 hours", means: "of GPUs by the month of 730 hours" },
    },
    "hours",
    HOURS_PER_MONTH,
  ),
  perMillionTokens: costPer(
    {
      ...{ name: "cost_per_million_tokens", column: "gpu_cost_per_million_tokens_usd", always: [VALUE] },
      answers: { question: "cost", how: VALUE },
      basis: "of GPUs, by generated tokens",
      means:
        "of GPUs by a million tokens generated in the measured window, for whichever attempt; empty without any",
    },
    "tokens",
    MILLION,
  ),
  perSession: costPer(
    {
      ...{ name: "cost_per_session", column: "gpu_cost_per_session_usd", always: [] },
      basis: "of GPUs, by finished sessions",
      means: "of GPUs by the session that finished in the measured window; empty without any",
    },
    "sessions",
    1,
  ),
};
