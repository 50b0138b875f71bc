// What `surgefleet compare` prints: a table for each comparison, tables for each question where ways to run a fleet are
// named, or all of it as one JSON document.
import type { Comparison, RunResult } from "../../../core/index.js";
import {
  type Answered,
  answeredQuestions,
  answersText,
  comparisonText,
  type RankEnds,
  type Regressions,
  tradeOffsOf,
} from "../../../core/internal.js";
import { printDocument } from "../../print.js";
import { pageFor, type Terminal } from "../../terminal.js";

/** One comparison, by the side that is not the first. */
export interface Named {
  readonly name: string;
  readonly comparison: Comparison;
  readonly caveats: RunResult["caveats"];
  /** As a gate judges it; only where it is asked to. */
  readonly gate?: Regressions | undefined;
}

/** All that is compared, and what it comes to. */
export interface Compared {
  readonly before: Pick<Named, "name" | "caveats">;
  readonly comparisons: readonly Named[];
  readonly answered: Answered;
  /** Whether ways to run a fleet are named, so that questions are what matters. */
  readonly asks: boolean;
}

interface PageFlags {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly ascii?: boolean | undefined;
}

/** `ends` are the ranks of pools, as far as they are known. */
export function answersOf(
  before: string,
  comparisons: readonly Pick<Named, "name" | "comparison">[],
  ends: readonly RankEnds[],
): Answered {
  const all = comparisons.map(({ comparison }) => comparison);
  const questions = answeredQuestions(all);
  const sides = [before, ...comparisons.map(({ name }) => name)];
  return { sides, comparisons: all, questions, tradeOffs: tradeOffsOf(questions, ends) };
}

export function print(compared: Compared, flags: PageFlags, terminal: Terminal): void {
  const { columns } = terminal.output;
  const options = {
    ...pageFor(flags, terminal),
    all: flags.all === true,
    ...(columns === undefined ? {} : { width: columns }),
  };
  printDocument(flags, terminal, {
    document: () => documentOf(compared),
    report: () => {
      const { asks, answered, before, comparisons } = compared;
      const answers = () => {
        const caveats = [before, ...comparisons].map((one) => one.caveats);
        const worse = comparisons.flatMap(({ gate }) => (gate === undefined ? [] : [gate.regressions]));
        return answersText(answered, {
          ...options,
          caveats,
          ...(worse.length === 0 ? {} : { worse }),
        });
      };
      const tables = () => comparisons.map((one) => comparisonTables(before, one, options));
      return [...(asks ? [answers()] : []), ...(asks && !options.all ? [] : tables())].join("\n");
    },
  });
}

function comparisonTables(
  before: Compared["before"],
  { name, comparison, caveats, gate }: Named,
  options: Omit<Parameters<typeof comparisonText>[1], "before" | "after">,
): string {
  return comparisonText(comparison, {
    ...options,
    ...{ before: before.name, after: name, caveats: [before.caveats, caveats] },
    worse: gate?.regressions,
  });
}

/** Sides are named in it wherever the text has them by place. */
function documentOf({ before, comparisons, answered }: Compared) {
  const { sides, questions, tradeOffs } = answered;
  return {
    comparisons: comparisons.map(({ name, comparison, caveats, gate }) => ({
      before: before.name,
      after: name,
      ...comparison,
      caveats: { before: before.caveats, after: caveats },
      ...(gate === undefined ? {} : { regressions: gate.regressions }),
    })),
    questions: questions.map(({ question, answers }) => ({
      question,
      answers: answers.map(({ cells, ...measure }) => ({
        ...measure,
        sides: cells.flatMap((cell, side) =>
          cell === null
            ? []
            : [
                {
                  side: sides[side]!,
                  value: cell.value,
                  ...(cell.change === null ? {} : differenceOf(cell.change)),
                },
              ],
        ),
      })),
    })),
    tradeOffs: tradeOffs.map(({ points, ...axes }) => ({
      ...axes,
      points: points.map(({ side, ...point }) => ({ side: sides[side]!, ...point })),
    })),
  };
}

function differenceOf({ difference, low, high, adjusted, verdict }: Comparison["changes"][number]) {
  return { difference, low, high, adjusted, verdict };
}
