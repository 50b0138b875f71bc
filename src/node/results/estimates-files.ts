// estimates.csv and replications.csv: every measure with its interval, and what each seed says of it. Tidy long form:
// docs/results.md explains every column; columns are only ever appended within a schema version.
import type { Estimate, Replication, RunResult } from "../../core/index.js";
import { type CsvColumn, csvTable } from "./csv.js";

const estimate = (name: string, value: CsvColumn<Estimate>["value"]): CsvColumn<Estimate> => ({
  name,
  value,
});

const ESTIMATE_COLUMNS: readonly CsvColumn<Estimate>[] = [
  estimate("metric", (one) => one.metric),
  estimate("aggregation", (one) => one.aggregation),
  estimate("unit", (one) => one.unit),
  estimate("value", (one) => one.value),
  estimate("low", (one) => one.low),
  estimate("high", (one) => one.high),
  estimate("n", (one) => one.n),
  estimate("method", (one) => one.method),
  estimate("one_run_low", (one) => one.oneRun?.low),
  estimate("one_run_high", (one) => one.oneRun?.high),
  estimate("one_run_confidence", (one) => one.oneRun?.confidence),
];

export function estimatesCsv({ estimates }: RunResult): string {
  return csvTable(ESTIMATE_COLUMNS, estimates);
}

interface SampleRow {
  readonly replication: Replication;
  readonly estimate: Estimate;
  readonly index: number;
}

const sample = (name: string, value: CsvColumn<SampleRow>["value"]): CsvColumn<SampleRow> => ({
  name,
  value,
});

const SAMPLE_COLUMNS: readonly CsvColumn<SampleRow>[] = [
  sample("seed", ({ replication }) => replication.seed),
  sample("metric", ({ estimate: { metric } }) => metric),
  sample("aggregation", ({ estimate: { aggregation } }) => aggregation),
  sample("value", ({ replication, index }) => replication.values[index]),
  sample("weight", ({ replication, index }) => replication.weights[index]),
];

export function replicationsCsv({ estimates, replications }: RunResult): string {
  const rows = replications.flatMap((replication) =>
    estimates.map((one, index): SampleRow => ({ replication, estimate: one, index })),
  );
  return csvTable(SAMPLE_COLUMNS, rows);
}
