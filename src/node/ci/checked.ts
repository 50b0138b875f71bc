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
  /** What its verdicts do not cover, or rest on. */
  readonly notes: readonly string[];
  /** Against the committed result; undefined where none was asked for. */
  readonly against: Regressions | undefined;
}

/** A whole check. */
export interface CheckReport {
  readonly checked: readonly CheckedScenario[];
  /** Those that an interrupt left out: half a check must not be taken for a passed one. */
  readonly unchecked: readonly AskedScenario[];
  /** Committed results, by their paths, of which no scenario was checked: nothing watches over them any more. */
  readonly orphans: readonly string[];
  readonly allowUndecided: boolean;
}

/** One thing to say of a scenario. */
export interface Finding {
  readonly kind: "fail" | "undecided" | "regression" | "uncompared" | "improvement" | "note";
  readonly title: string;
  readonly text: string;
  readonly place: ThresholdPlace;
}

/** A metric and its expression, as a threshold is called. */
export function thresholdName({ metric, expression }: ThresholdResult): string {
  return `${metric} ${expression}`;
}

/** What went in comes before the numbers that it may explain. */
export function findings(checked: CheckedScenario): Finding[] {
  const { path, notes } = checked;
  return [
    ...thresholdFindings(checked),
    ...comparisonFindings(checked),
    ...notes.map((text) => finding("note", text, wholeFile(path))),
  ];
}

function thresholdFindings({ path, result, places }: CheckedScenario): Finding[] {
  return result.thresholds.flatMap((one, index): Finding[] => {
    if (one.verdict === "pass") return [];
    const kind = one.verdict === "undecided" ? "undecided" : "fail";
    const place = places[index];
    const text = `${thresholdName(one)}: ${thresholdValue(one, result)}`;
    const isInFile = place !== undefined && place.line > 0;
    return [finding(kind, text, isInFile ? place : wholeFile(path))];
  });
}

/** What the comparison with the committed result found; nothing where none was asked for. */
export function comparisonFindings({ path, against }: CheckedScenario): Finding[] {
  if (against === undefined) return [];
  const place = wholeFile(path);
  const say = (kind: Finding["kind"], text: string) => finding(kind, text, place);
  const { changedInputs: changed, otherWindow, isCopies } = against;
  const told =
    changed.length === 0
      ? []
      : [say("note", `${listed(changed)} changed since the baseline: what differs may be that`)];
  if (otherWindow !== null) {
    const text = `the baseline ran ${windowText(otherWindow)}, and this did not`;
    return [...told, say("uncompared", text)];
  }
  if (isCopies)
    return [...told, say("note", "all seeds gave one and the same run: not judged by the baseline")];
  return [
    ...told,
    ...against.regressions.map((one) => say("regression", changeText(one))),
    ...uncompared(against).map(({ kind, text }) => say(kind, text)),
    ...against.improvements.map((one) => say("improvement", changeText(one))),
  ];
}

function finding(kind: Finding["kind"], text: string, place: ThresholdPlace): Finding {
  return { kind, title: TITLES[kind], text, place };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function windowText({ duration, warmup }: BaselineWindow): string {
  const length = duration === null ? "to the end of its traces" : `for ${format.span(duration)}`;
  return `${length} with ${warmup === null ? "a warm-up that pilots found" : `${format.span(warmup)} of warm-up`}`;
}

function wholeFile(file: string): ThresholdPlace {
  return { file, line: 1, column: 1 };
}

/** What the baseline cannot answer for: a gate that compared nothing must not pass for one that found nothing. */
function uncompared({
  compared,
  unseen,
  vanished,
  notCompared,
}: Regressions): Pick<Finding, "kind" | "text">[] {
  const why =
    unseen === null
      ? `no measure has ${LEAST_SEEDS} seeds on both sides`
      : `so few seeds tell none of ${unseen.measures} measures from chance: ${unseen.seeds} would`;
  const left = `${notCompared.join(", ")}: too few seeds on one side, or not in the baseline`;
  return [
    ...(compared === 0 ? [{ kind: "uncompared", text: why } as const] : []),
    ...vanished.map((key) => {
      const text = `${key}: the baseline has it, the result has not or on too few seeds`;
      return { kind: "uncompared", text } as const;
    }),
    ...(notCompared.length === 0 ? [] : [{ kind: "note", text: left } as const]),
  ];
}

const TITLES: Readonly<Record<Finding["kind"], string>> = {
  fail: "threshold not met",
  undecided: "threshold undecided",
  regression: "worse than the baseline",
  uncompared: "not comparable with the baseline",
  improvement: "better than the baseline",
  note: "note",
};

/** `overloaded_rate{tier:standard,per:attempt} rate: 1.2% -> 1.9%, by 0.7 pp [0.5, 0.9], p 0.004`. */
function changeText(change: Change): string {
  const { metric, aggregation, unit, before, after, difference, low, high, adjusted } = change;
  const show = (value: number) => format.measured(value, unit);
  const by = format.difference(difference, low, high, unit);
  return `${metric} ${aggregation}: ${show(before)} -> ${show(after)}, by ${by}, p ${format.probability(adjusted)}`;
}

/** Of each kind of change only so many are shown in lines and tables: the largest, which come first. */
const SHOWN_CHANGES = 5;

/** The findings that lines and tables show, with what is folded of a kind said in the last place of its kind. */
export function folded(all: readonly Finding[]): Finding[] {
  return all.flatMap((one) => {
    if (one.kind !== "regression" && one.kind !== "improvement") return [one];
    const alike = all.filter(({ kind }) => kind === one.kind);
    const rank = alike.indexOf(one);
    if (rank < SHOWN_CHANGES) return [one];
    const more = alike.length - SHOWN_CHANGES;
    return rank === SHOWN_CHANGES ? [{ ...one, text: `and ${more} more: --json` }] : [];
  });
}

/** How many measures the baseline judged, and how many more it takes more seeds for. */
export function comparedText({ compared, unseen }: Regressions): string {
  const measures = `${format.count(compared)} measure${compared === 1 ? "" : "s"} against the baseline`;
  return unseen === null ? measures : `${measures} (${unseen.measures} more from ${unseen.seeds} seeds on)`;
}

export type CheckStatus = "pass" | "fail" | "undecided";

/** Failed where a threshold is not met, has no data, or a measure is worse than the baseline or cannot be compared. */
export function statusOf(checked: CheckedScenario): CheckStatus {
  const kinds = findings(checked).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === "fail" || kind === "regression" || kind === "uncompared")) return "fail";
  return kinds.includes("undecided") ? "undecided" : "pass";
}

/** Of the whole check, as far as it ran: what failed comes before what is open. */
export function reportStatus({ checked, orphans, allowUndecided }: CheckReport): CheckStatus {
  const statuses = checked.map(statusOf);
  if (statuses.includes("fail") || orphans.length > 0) return "fail";
  return statuses.includes("undecided") && !allowUndecided ? "undecided" : "pass";
}

/** Why a committed result without a scenario fails, and what to do. */
export function orphanText(path: string): string {
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  return `${path} is the baseline of no scenario that was checked: delete ${folder}, or check its scenario too`;
}
