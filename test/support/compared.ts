// What a comparison of policies comes to, by hand: four sides, two tiers, one side without data, for tests of the text
// and of the page.
import type { Answered } from "../../src/core/report/text/answers-text.js";
import { answeredQuestions } from "../../src/core/results/verdict/answers.js";
import type { Change } from "../../src/core/results/verdict/comparison.js";
import { tradeOffsOf } from "../../src/core/results/verdict/trade-offs.js";
import { change, comparison } from "../unit/results/verdict/changes.js";

const P99 = { aggregation: "p(99)", unit: "seconds" } as const;
const SPEED = { aggregation: "value", unit: "tokens_per_second", better: "higher" } as const;

interface Side {
  readonly name: string;
  /** Shed of standard, wait of priority, goodput; against 5 %, 2 s and 1,000 tok/s of the first. */
  readonly values: readonly [shed: number, wait: number, goodput: number];
  readonly verdict: Change["verdict"];
}

const SIDES: readonly Side[] = [
  { name: "none", values: [0, 6, 1200], verdict: "better" },
  { name: "saturation", values: [0.12, 0.5, 900], verdict: "worse" },
  { name: "trunk-reservation", values: [0.05, 2, 1000], verdict: "unclear" },
];

/** Their names are an argument, so that they can be hostile. */
export function comparedSides(
  names: readonly string[] = ["tail-drop", ...SIDES.map(({ name }) => name)],
): Answered {
  const comparisons = SIDES.map(({ values: [shed, wait, goodput], verdict }) =>
    comparison(
      [
        change("overloaded_rate{tier:standard,per:attempt}", 0.05, shed, { verdict }),
        change("overloaded_rate{tier:priority,per:attempt}", 0, 0, { verdict: "same" }),
        change("goodput{tier:standard}", 800, goodput - 200, { ...SPEED, verdict }),
        change("goodput{tier:all}", 1000, goodput, { ...SPEED, verdict }),
        change("ttft{tier:standard}", 3, 3, { ...P99, verdict: "same" }),
        ...(verdict === "unclear" ? [] : [change("ttft{tier:priority}", 2, wait, { ...P99, verdict })]),
      ],
      { missing: verdict === "unclear" ? ["ttft{tier:priority} p(99)"] : [] },
    ),
  );
  const questions = answeredQuestions(comparisons);
  const tradeOffs = tradeOffsOf(questions, [{ highest: "priority", lowest: "standard" }]);
  return { sides: names, comparisons, questions, tradeOffs };
}
