// How pools were scaled, in the measured window: the table of what a result holds of each pool, and of all together, of
// which thresholds may ask. What is missing and what is too much is against the load: needed are as many instances as
// hold what runs and waits, ceil((running + queued) / slots of a replica). Knows totals, not how they were told.
import { type Ask, type AskText, type Sample, unweighted } from "./asks.js";
import type { ScalingTotals } from "./judged.js";
import { MEAN_OF_ALL, type PoolRule, ratio, ratioOfSums, SUM } from "./pooling.js";
import { type ReadRow, type ResultOf, readRows } from "./rows.js";

type ScalingText<Name extends string> = Pick<
  AskText<Name>,
  "name" | "unit" | "unitText" | "better" | "basis"
> & {
  readonly kind: Ask["kind"];
  /** Of summary.csv; default: the name. */
  readonly column?: string;
  readonly means: string;
};

/** Of columns that summary.csv has in its last row alone, behind those that came before them. */
const PLACE = 11;
const SECONDS_PER_HOUR = 3600;

function scalingRow<Value extends number | null, const Name extends string, Whole = unknown>(
  { column, means, kind, ...text }: ScalingText<Name>,
  pool: PoolRule<Value, Whole>,
  read: (totals: ScalingTotals) => Value,
  weight: (totals: ScalingTotals) => number = () => 1,
): ReadRow<ScalingTotals, Value, Name, Whole> {
  const name = column ?? text.name;
  const sampleOf = (totals: ScalingTotals): Sample => ({ value: read(totals), weight: weight(totals) });
  const rest = { of: "run", isOfEither: false, isBatched: false, always: [], awaits: "nothing" } as const;
  return {
    means,
    holds: { kind: "measured" },
    pool,
    columns: [{ name, place: PLACE, value: (value) => value }],
    texts: [{ names: `\`${name}\``, place: PLACE, unit: text.unitText, means }],
    read,
    asks: [
      { ...text, ...rest, kind, sample: ({ fleet }) => (fleet?.scaling ? sampleOf(fleet.scaling) : NO_DATA) },
    ],
  };
}

const NO_DATA = unweighted(null);

function counter<const Name extends string>(
  text: Pick<ScalingText<Name>, "name" | "better" | "basis" | "means" | "unitText">,
  read: (totals: ScalingTotals) => number,
): ReadRow<ScalingTotals, number, Name> {
  return {
    ...scalingRow({ ...text, unit: "count", kind: "counter" }, SUM, read),
    holds: { kind: "count" },
  };
}

/** A mean of those that occurred, in seconds: over replications, of all of theirs together. */
function meanTime<const Name extends string, Key extends "startDelayMean" | "coldWaitMean">(
  text: Pick<ScalingText<Name>, "name" | "column" | "basis" | "means">,
  key: Key,
  { count, sum, countKey }: { count: keyof ScalingTotals; sum: keyof ScalingTotals; countKey: CountKey },
) {
  type Whole = Readonly<Record<Key, number | null> & Record<CountKey, number>>;
  return scalingRow<number | null, Name, Whole>(
    { ...text, unit: "seconds", unitText: "s", better: "lower", kind: "value" },
    ratioOfSums(
      (row) => (row[key] ?? 0) * row[countKey],
      (row) => row[countKey],
    ),
    (totals) => ratio(totals[sum], totals[count]),
    (totals) => totals[count],
  );
}

type CountKey = "starts" | "coldWaits";

const overTime = (what: "missing" | "spare" | "short") => (totals: ScalingTotals) =>
  totals[what] / totals.measured;
const measured = (totals: ScalingTotals) => totals.measured;

/** In the order in which a result has them. */
export const SCALING_ROWS = {
  wanted: scalingRow(
    {
      ...{ name: "replicas_wanted", kind: "value", unit: "ratio", unitText: "replicas", better: "none" },
      basis: "that pools want, on average over the measured window",
      means: "replicas that are wanted, averaged over the measured window",
    },
    MEAN_OF_ALL,
    ({ wanted }) => wanted,
  ),
  starts: counter(
    {
      ...{ name: "instance_starts", unitText: "instances", better: "none" },
      basis: "that began to take requests in the measured window",
      means:
        "instances that began to take requests in the measured window: new, woken, or back after they were lost",
    },
    ({ starts }) => starts,
  ),
  startDelayMean: meanTime(
    {
      ...{ name: "start_delay", column: "start_delay_s" },
      basis: "from wanting an instance to its taking requests, on average",
      means:
        "seconds from wanting an instance to its taking requests, on average over those starts; none without",
    },
    "startDelayMean",
    { count: "starts", sum: "startDelay", countKey: "starts" },
  ),
  scaleUps: counter(
    {
      ...{ name: "scale_ups", unitText: "changes", better: "none" },
      basis: "of the wanted replicas of a pool to more",
      means: "changes of the wanted number of replicas to more",
    },
    ({ scaleUps }) => scaleUps,
  ),
  scaleDowns: counter(
    {
      ...{ name: "scale_downs", unitText: "changes", better: "none" },
      basis: "likewise to fewer",
      means: "changes of it to fewer",
    },
    ({ scaleDowns }) => scaleDowns,
  ),
  flapsPerHour: scalingRow(
    {
      ...{ name: "flaps", column: "flaps_per_hour", kind: "value", unit: "ratio" },
      ...{ unitText: "per hour", better: "lower" },
      basis:
        "changes of the wanted replicas against the direction of the pool's change before, within 10 min of it",
      means:
        "changes of the wanted number against the direction of the pool's change before, no more than 10 minutes " +
        "after it, by the hour",
    },
    MEAN_OF_ALL,
    (totals) => (totals.flaps * SECONDS_PER_HOUR) / totals.measured,
    measured,
  ),
  lagMean: scalingRow(
    {
      ...{ name: "replica_lag", kind: "value", unit: "ratio", unitText: "replicas", better: "lower" },
      basis: "that are needed and not ready, on average: as many hold what runs and waits",
      means:
        "replicas missing, max(0, needed - ready), averaged over the measured window; needed are " +
        "ceil((running + queued) / slots of a replica), ready those that take requests",
    },
    MEAN_OF_ALL,
    overTime("missing"),
    measured,
  ),
  lagShare: scalingRow(
    {
      ...{ name: "lag_rate", kind: "rate", unit: "share", unitText: "share", better: "lower" },
      basis: "of the measured window, with a replica missing in some pool",
      means: "the share of that time in which any is missing",
    },
    MEAN_OF_ALL,
    overTime("short"),
    measured,
  ),
  overshootMean: scalingRow(
    {
      ...{ name: "overshoot", kind: "value", unit: "ratio", unitText: "replicas", better: "lower" },
      basis: "that are ready and not needed, on average",
      means: "replicas that are too many, max(0, ready - needed), averaged likewise",
    },
    MEAN_OF_ALL,
    overTime("spare"),
    measured,
  ),
  pendingSeconds: counter(
    {
      ...{ name: "pending_seconds", unitText: "instance-seconds", better: "lower" },
      basis: "that instances waited for GPUs",
      means: "that instances waited for GPUs of which there were none",
    },
    ({ pending }) => pending,
  ),
  coldWaits: counter(
    {
      ...{ name: "cold_waits", unitText: "attempts", better: "lower" },
      basis: "that started in the measured window and had come when no replica took requests",
      means:
        "attempts that started in the measured window and had come when no replica of their pool took requests",
    },
    ({ coldWaits }) => coldWaits,
  ),
  coldWaitMean: meanTime(
    {
      ...{ name: "cold_wait", column: "cold_wait_s" },
      basis: "of those attempts until they started, on average",
      means: "seconds that these waited until they started, on average; none without any",
    },
    "coldWaitMean",
    { count: "coldWaits", sum: "coldWait", countKey: "coldWaits" },
  ),
};

export type ScalingResult = ResultOf<typeof SCALING_ROWS>;

export function scalingResult(totals: ScalingTotals): ScalingResult {
  return readRows(SCALING_ROWS, totals);
}
