// What a result measures of a tier's attempts: waits, times and speeds, each as a distribution of which a threshold may
// ask any percentile. Each row reads a sketch; quantiles of replications are those of all their values together.
import type { QuantileSketch } from "../../stats/quantile-sketch.js";
import { type Always, type Answers, type AskText, ofSlice, quantile, sliceIn, trendSample } from "./asks.js";
import type { CountedSlice } from "./counts.js";
import { pooledTrend } from "./pooling.js";
import type { Column, ColumnText, ReadRow } from "./rows.js";
import { STATISTICS, type Summary, summary } from "./summary.js";
import { UNITS } from "./units.js";

interface TrendText<Name extends string>
  extends Pick<AskText<Name>, "name" | "better" | "basis">,
    Pick<ColumnText, "means" | "place"> {
  readonly unit: "seconds" | "tokens_per_second";
  /** Of the columns, before the name of the statistic. */
  readonly prefix: string;
  readonly always?: readonly Always[];
  readonly alwaysOfCallers?: readonly Always[];
  readonly answers?: Answers;
}

function trend<const Name extends string>(
  { prefix, means, place, always = [], alwaysOfCallers = [], ...text }: TrendText<Name>,
  sketchOf: (tier: CountedSlice) => QuantileSketch,
): ReadRow<CountedSlice, Summary, Name> {
  const unitText = UNITS[text.unit].text;
  return {
    means,
    holds: { kind: "summary" },
    pool: pooledTrend(text.name),
    columns: statisticColumns(prefix, place),
    texts: [{ names: `\`${prefix}_*\``, place, unit: unitText, means }],
    read: (tier) => summary(sketchOf(tier)),
    asks: [
      {
        ...{
          ...text,
          unitText,
          of: "attempts",
          kind: "trend",
          isOfEither: false,
          isBatched: true,
          awaits: "attempts",
          always,
          alwaysOfCallers,
        },
        sample: ofSlice((slice, asked) => trendSample(sketchOf(slice), asked)),
        ranked: (run, asked) => {
          const slice = sliceIn(run, asked);
          return slice && sketchOf(slice).ranked();
        },
      },
    ],
  };
}

function statisticColumns(prefix: string, place: number): Column<Summary>[] {
  return STATISTICS.map((statistic) => ({
    name: `${prefix}_${statistic}`,
    place,
    value: (value) => value[statistic],
  }));
}

export const TIER_TRENDS = {
  ttft: trend(
    {
      name: "ttft",
      unit: "seconds",
      better: "lower",
      prefix: "ttft_s",
      basis: "attempts that got a first token",
      means: "first token minus arrival of the attempt; of all attempts that got one, completed or not",
      place: 2,
      always: [quantile(50), quantile(99)],
      alwaysOfCallers: [quantile(50), quantile(99)],
      answers: { question: "wait", how: quantile(99) },
    },
    ({ columns }) => columns.ttft,
  ),
  tokensPerSecond: trend(
    {
      name: "tokens_per_second",
      unit: "tokens_per_second",
      better: "higher",
      prefix: "tokens_per_s",
      basis: "completed attempts with two or more output tokens",
      means:
        "(output tokens - 1) / (last token - first token); of completed attempts with two or more output tokens",
      place: 2,
      always: [quantile(50), quantile(5)],
      alwaysOfCallers: [quantile(50)],
    },
    ({ columns }) => columns.tokensPerSecond,
  ),
  latency: trend(
    {
      name: "latency",
      unit: "seconds",
      better: "lower",
      prefix: "latency_s",
      basis: "completed attempts",
      means: "completion minus arrival of the attempt; of completed attempts",
      place: 2,
      always: [quantile(50), quantile(99)],
    },
    ({ columns }) => columns.latency,
  ),
  queueWait: trend(
    {
      name: "queue_wait",
      unit: "seconds",
      better: "lower",
      prefix: "queue_wait_s",
      basis: "attempts that started, whether or not their caller still waited",
      means:
        "start on a replica minus when the gateway had the call; of all attempts that started, completed or not, " +
        "whether or not their caller still waited",
      place: 2,
    },
    ({ columns }) => columns.queueWait,
  ),
};
