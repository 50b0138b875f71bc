// What a comparison of several sides says to each question that is asked of ways to run a fleet: a value for every
// side, and its difference to the first. Which metrics answer what is said by the table of metrics.
import type { Answers } from "../metrics/asks.js";
import { METRICS, type Metric, metricNamed } from "../metrics/metrics.js";
import { QUESTION_NAMES, type Question } from "../metrics/questions.js";
import { ALL_OF_IT, tagsOf } from "../metrics/sliced.js";
import type { Change, Comparison } from "./comparison.js";
import { measureKey, measureOf, nameIn } from "./measures.js";
import { ALL_TIERS, type Subject } from "./threshold.js";

type Named = Pick<Change, "metric" | "aggregation">;

export interface AnswerCell {
  readonly value: number;
  /** Against the first side; null of that itself. */
  readonly change: Change | null;
}

/** One measure over all sides. */
export interface Answer extends Named, Pick<Change, "unit" | "better"> {
  /** Of the metric, without tags. */
  readonly name: string;
  /** That it is of; null for one of the whole run. */
  readonly tier: string | null;
  /** By side, in their order; null where it has no data. */
  readonly cells: readonly (AnswerCell | null)[];
}

export interface AnsweredQuestion {
  readonly question: Question;
  /** None where nothing of the kind was measured. */
  readonly answers: readonly Answer[];
}

/** What has to be estimated of a run of these tiers, besides what always is, for all questions to be answered. */
export function askedOf(tiers: readonly string[]): Subject[] {
  return METRICS.flatMap((metric) => {
    if (metric.answers === undefined || isAlways(metric, metric.answers)) return [];
    const slices = takesTiers(metric) ? [...tiers, ALL_TIERS] : [ALL_TIERS];
    return slices.map((tier) => subjectOf(metric, tier));
  });
}

/** Wherever there is something to be estimated, as of several accounts, or of GPUs with prices. */
function isAlways({ always }: Metric, { how }: Answers): boolean {
  return always.some(
    ({ aggregation, percentile, per }) =>
      aggregation === how.aggregation && percentile === how.percentile && per === how.per,
  );
}

/** The question that a measure answers: of all or of one tier, not of single callers. Undefined: it answers none. */
export function questionOf(measure: Named): Question | undefined {
  const metric = metricNamed(nameOf(measure));
  if (metric?.answers === undefined) return undefined;
  const tier = nameIn(measure.metric, "tier") ?? ALL_TIERS;
  const meant = measureOf(subjectOf(metric, tier));
  return measureKey(meant) === measureKey(measure) ? metric.answers.question : undefined;
}

/** Of comparisons of one first side with each of the others, in their order. */
export function answeredQuestions(comparisons: readonly Comparison[]): AnsweredQuestion[] {
  const byKey = comparisons.map(({ changes }) => new Map(changes.map((one) => [measureKey(one), one])));
  const known = new Map(comparisons.flatMap(({ changes }) => changes).map((one) => [measureKey(one), one]));
  const found = [...known].flatMap(([key, change]) => {
    const question = questionOf(change);
    if (question === undefined) return [];
    return [
      {
        question,
        answer: answerOf(
          change,
          [...byKey].map((changes) => changes.get(key)),
        ),
      },
    ];
  });
  return QUESTION_NAMES.map((question) => ({
    question,
    answers: found.filter((one) => one.question === question).map(({ answer }) => answer),
  }));
}

function answerOf(known: Change, changes: readonly (Change | undefined)[]): Answer {
  const { metric, aggregation, unit, better, before } = known;
  const others = changes.map((change) => (change === undefined ? null : { value: change.after, change }));
  return {
    ...{ metric, aggregation, unit, better, name: nameOf(known) },
    tier: nameIn(metric, "tier") ?? null,
    cells: [{ value: before, change: null }, ...others],
  };
}

function nameOf({ metric }: Named): string {
  return metric.split("{", 1)[0]!;
}

const takesTiers = ({ of }: Metric) => tagsOf(of).some((tag) => tag === "tier");

function subjectOf({ name, answers }: Metric, tier: string): Subject {
  return { metric: name, ...ALL_OF_IT, tier, ...answers!.how };
}
