// Which measures answer which question, and what several sides say to it.
import { describe, expect, it } from "vitest";
import { METRICS } from "../../../../src/core/results/metrics/metrics.js";
import { QUESTION_NAMES } from "../../../../src/core/results/metrics/questions.js";
import { answeredQuestions, askedOf, questionOf } from "../../../../src/core/results/verdict/answers.js";
import { measureOf, measuresOf } from "../../../../src/core/results/verdict/measures.js";
import { change, comparison } from "./changes.js";

const SHED = "overloaded_rate{tier:standard,per:attempt}";

describe("what is asked of ways to run a fleet", () => {
  it("is estimated of every tier and of all, where it is not always", () => {
    const measures = askedOf(["standard", "fast"]).map((subject) => measureOf(subject));
    expect(measures.map(({ metric }) => metric)).toEqual([
      "goodput{tier:standard}",
      "goodput{tier:fast}",
      "goodput{tier:all}",
    ]);
    expect(measures.every((measure) => questionOf(measure) !== undefined)).toBe(true);
  });

  it("is estimated whole: of every tier and of all what each answers, of the run once", () => {
    const tiers = ["standard", "fast"];
    const names = { tiers, sources: [], accounts: ["a", "b"], sessions: [], hasPrices: true };
    const measures = measuresOf(names, askedOf(tiers)).filter((one) => questionOf(one) !== undefined);
    const tiersOf = (name: string) =>
      measures
        .filter(({ metric }) => metric.split("{")[0] === name)
        .map(({ metric }) => /tier:(\w+)/.exec(metric)?.[1]);
    const answering = METRICS.filter(({ answers }) => answers !== undefined);
    for (const { name, of } of answering) {
      expect(tiersOf(name), name).toEqual(of === "run" ? [undefined] : [...tiers, "all"]);
    }
  });

  it("is answered by some metric of every question, with a way that is better", () => {
    const answering = METRICS.flatMap(({ answers, better }) =>
      answers === undefined ? [] : [{ answers, better }],
    );
    for (const { better } of answering) expect(better).not.toBe("none");
    const answered = new Set(answering.map(({ answers }) => answers.question));
    expect(QUESTION_NAMES.filter((name) => !answered.has(name))).toEqual([]);
  });

  it.each([
    [SHED, "rate", "shed"],
    ["overloaded_rate{tier:standard,per:request}", "rate", undefined],
    ["overloaded_rate{source:agents,per:attempt}", "rate", undefined],
    ["overloaded_rate{account:a,per:attempt}", "rate", undefined],
    ["goodput{tier:all}", "value", "goodput"],
    ["ttft{tier:fast}", "p(99)", "wait"],
    ["ttft{tier:fast}", "p(50)", undefined],
    ["cost_per_million_tokens", "value", "cost"],
    ["max_min_fairness{tier:standard}", "value", "fairness"],
    ["worst_account_overloaded_rate{tier:all}", "rate", "fairness"],
    ["service_fairness{tier:all}", "value", undefined],
    ["throughput{tier:all}", "value", undefined],
    ["no_such_metric", "value", undefined],
  ])("of %s %s is %s", (metric, aggregation, question) => {
    expect(questionOf({ metric, aggregation })).toBe(question);
  });
});

describe("answers of several sides", () => {
  const answered = () =>
    answeredQuestions([
      comparison([change(SHED, 0.1, 0.2), change("ttft{tier:standard}", 1, 2, { aggregation: "p(50)" })]),
      comparison([change("goodput{tier:all}", 5, 7, { aggregation: "value", better: "higher" })]),
    ]);

  it("have a value for every side, the first from any comparison, and none where there is no data", () => {
    const [shed, goodput] = answered();
    expect(shed).toMatchObject({
      question: "shed",
      answers: [{ name: "overloaded_rate", tier: "standard" }],
    });
    expect(shed!.answers[0]!.cells.map((cell) => cell?.value)).toEqual([0.1, 0.2, undefined]);
    expect(goodput!.answers[0]!.cells.map((cell) => cell?.value)).toEqual([5, undefined, 7]);
  });

  it("have a change for every side but the first, which is the comparison's", () => {
    const [first, second] = answered()[0]!.answers[0]!.cells;
    expect(first!.change).toBeNull();
    expect(second!.change).toMatchObject({ metric: SHED, before: 0.1, after: 0.2 });
  });

  it("are there for every question in order, with none where nothing was measured", () => {
    expect(answered().map(({ question }) => question)).toEqual(QUESTION_NAMES);
    expect(answered().map(({ answers }) => answers.length)).toEqual([1, 1, 0, 0, 0]);
  });
});
