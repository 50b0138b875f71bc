// What a check found, scenario by scenario, as everything that tells of it sees it: lines, JUnit, annotations,
// Markdown.

import type { Change, RunResult, ThresholdResult } from "../../core/index.js";
import type { BaselineWindow, Regressions } from "../../core/internal.js";
import { format, LEAST_SEEDS, thresholdValue } from "../../core/internal.js";
import type { ThresholdPlace } from "../scenario-file.js";

/** One that was asked for; by itself, one that an interrupt left out. */
export interface AskedScenario {
  /** As it was given. */
  readonly path: string;
  readonly name: string;
}

export interface CheckedScenario extends AskedScenario {
  readonly result: RunResult;
  /** Ended by a threshold that says so. */
  readonly aborted: boolean;
  readonly seconds: number;
  /** Of its thresholds, in their order. */
  readonly places: readonly ThresholdPlace[];
  /** Against the committed result; undefined where none was asked for. */
  readonly against: Regressions | undefined;
}

/** One thing to say of a scenario. */
export interface Finding {
  readonly kind: "fail" | "undecided" | "regression" | "uncompared" | "improvement" | "new";
  readonly title: string;
  readonly text: string;
  readonly place: ThresholdPlace;
}

/** A metric and its expression, as a threshold is called. */
export function thresholdName({ metric, expression }: ThresholdResult): string {
  return `${metric} ${expression}`;
}

export function findings(checked: CheckedScenario): Finding[] {
  return [...thresholdFindings(checked), ...comparisonFindings(checked)];
}

function thresholdFindings({ path, result, places }: CheckedScenario): Finding[] {
  return result.thresholds.flatMap((one, index): Finding[] => {
    if (one.verdict === "pass") return [];
    const kind = one.verdict === "undecided" ? "undecided" : "fail";
    const place = places[index];
    const text = `${thresholdName(one)}: ${thresholdValue(one)}`;
    const isInFile = place !== undefined && place.line > 0;
    return [{ kind, title: TITLES[kind], text, place: isInFile ? place : wholeFile(path) }];
  });
}

/** What the comparison with the committed result found; nothing where none was asked for. */
export function comparisonFindings({ path, against }: CheckedScenario): Finding[] {
  if (against === undefined) return [];
  const place = wholeFile(path);
  if (against.otherWindow !== null) {
    const text = `the baseline ran ${windowText(against.otherWindow)}, and this did not`;
    return [{ kind: "uncompared", title: TITLES.uncompared, text, place }];
  }
  const changed = (kind: "regression" | "improvement", changes: readonly Change[]) =>
    changes.map((one): Finding => ({ kind, title: TITLES[kind], text: changeText(one), place }));
  return [
    ...changed("regression", against.regressions),
    ...uncompared(against, place),
    ...changed("improvement", against.improvements),
  ];
}

function windowText({ duration, warmup }: BaselineWindow): string {
  const length = duration === null ? "to the end of its traces" : `for ${format.span(duration)}`;
  return `${length} with ${warmup === null ? "a warm-up that pilots found" : `${format.span(warmup)} of warm-up`}`;
}

function wholeFile(file: string): ThresholdPlace {
  return { file, line: 1, column: 1 };
}

/** What the baseline cannot answer for: a gate that compared nothing must not pass for one that found nothing. */
function uncompared({ compared, vanished, notCompared }: Regressions, place: ThresholdPlace): Finding[] {
  const say = (kind: "uncompared" | "new", text: string): Finding => ({
    kind,
    title: TITLES[kind],
    text,
    place,
  });
  return [
    ...(compared === 0 ? [say("uncompared", `no measure has ${LEAST_SEEDS} seeds on both sides`)] : []),
    ...vanished.map((key) =>
      say("uncompared", `${key}: the baseline has it, the result has not or on too few seeds`),
    ),
    ...(notCompared.length === 0
      ? []
      : [say("new", `${notCompared.join(", ")}: too few seeds on one side, or not in the baseline`)]),
  ];
}

const TITLES = {
  fail: "threshold not met",
  undecided: "threshold undecided",
  regression: "worse than the baseline",
  uncompared: "not comparable with the baseline",
  new: "left out of the comparison",
  improvement: "better than the baseline",
} as const;

/** `overloaded_rate{tier:standard,per:attempt} rate: 1.2% -> 1.9%, +0.7% [0.5, 0.9]`. */
function changeText({ metric, aggregation, unit, before, after, difference, low, high }: Change): string {
  const show = (value: number) => format.measured(value, unit);
  const by = format.difference(difference, low, high, unit);
  return `${metric} ${aggregation}: ${show(before)} -> ${show(after)}, by ${by}`;
}

export type CheckStatus = "pass" | "fail" | "undecided";

/** Failed where a threshold is not met, has no data, or a measure is worse than the baseline or cannot be compared. */
export function statusOf(checked: CheckedScenario): CheckStatus {
  const kinds = findings(checked).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === "fail" || kind === "regression" || kind === "uncompared")) return "fail";
  return kinds.includes("undecided") ? "undecided" : "pass";
}
