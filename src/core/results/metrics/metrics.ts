// Every metric that a threshold may name, gathered from the tables: those of attempts, of sessions, and of the run; of
// each rates first, then trends, counters and values. Knows names and grammar; what a metric says of a run is its
// row's.
import { nearest } from "../../base/nearest.js";
import type { Ask } from "./asks.js";
import { FLEET_ROWS } from "./fleet.js";
import { METRIC_KINDS, type MetricKind } from "./kinds.js";
import { UNLISTED_RATES } from "./rates.js";
import { RECOVERY_ROWS } from "./recovery.js";
import { asksOf, type NamesOf } from "./rows.js";
import { SESSION_ROWS } from "./sessions.js";
import { METRIC_SUBJECTS, type MetricSubject } from "./sliced.js";
import { TIER_ROWS } from "./tier.js";
import { UNLISTED_WORK } from "./work.js";

export type MetricName =
  | NamesOf<typeof TIER_ROWS>
  | (typeof UNLISTED_RATES)[number]["name"]
  | (typeof UNLISTED_WORK)[number]["name"]
  | NamesOf<typeof SESSION_ROWS>
  | NamesOf<typeof RECOVERY_ROWS>
  | NamesOf<typeof FLEET_ROWS>;

export type Metric = Ask<MetricName>;

const SUBJECTS = Object.keys(METRIC_SUBJECTS) as MetricSubject[];
const KINDS = Object.keys(METRIC_KINDS) as MetricKind[];

/** In the order in which documents list them. */
export const METRICS: readonly Metric[] = [
  ...asksOf<MetricName>(TIER_ROWS),
  ...UNLISTED_RATES,
  ...UNLISTED_WORK,
  ...asksOf<MetricName>(SESSION_ROWS),
  ...asksOf<MetricName>(RECOVERY_ROWS),
  ...asksOf<MetricName>(FLEET_ROWS),
].sort(
  (one, other) =>
    SUBJECTS.indexOf(one.of) - SUBJECTS.indexOf(other.of) ||
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
);

const BY_NAME: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

export function metricNamed(name: string): Metric | undefined {
  return BY_NAME.get(name);
}

/** Why a name is no metric, with the closest one. */
export function unknownMetric(name: string): string {
  const names = METRICS.map((metric) => metric.name);
  const near = nearest(name, names);
  return near === undefined
    ? `unknown metric "${name}"; the metrics are ${names.join(", ")}`
    : `unknown metric "${name}"; did you mean "${near}"?`;
}
