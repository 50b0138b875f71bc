// Which measures answer which question, and what several sides say to it.
import { describe, expect, it } from "vitest";
import { METRICS } from "../../../../src/core/results/metrics/metrics.js";
import { QUESTION_NAMES } from "../../../../src/core/results/metrics/questions.js";
import { answeredQuestions, askedOf, questionOf } from "../../../../src/core/results/verdict/answers.js";
import { measureOf, measuresOf } from "../../../../src/core/results/verdict/measures.js";
import { change, comparison } from "./changes.js";

const SHED = "overloaded_rate{tier:standard,per:attempt}";

describe("what is asked of ways to run a fleet", () => {
  it("is estimated of every tier and of all, and of the run once", () => {
    const keys = askedOf(["standard", "fast"]).map((subject) => measureOf(subject));
    for (const name of ["overloaded_rate", "goodput", "ttft"]) {
      const own = keys.filter(({ metric }) => metric.startsWith(`${name}{`)).map(({ metric }) => metric);
      expect(own.map((metric) => /tier:(\w+)/.exec(metric)![1])).toEqual(["standard", "fast", "all"]);
    }
    expect(keys.filter(({ metric }) => metric === "cost_per_million_tokens")).toHaveLength(1);
    expect(keys.every((measure) => questionOf(measure) !== undefined)).toBe(true);
  });

  it("is answered by metrics of every question but one that others may answer, with a way that is better", () => {
    const answering = METRICS.flatMap(({ answers, better }) =>
      answers === undefined ? [] : [{ answers, better }],
    );
    for (const { better } of answering) expect(better).not.toBe("none");
    const answered = new Set(answering.map(({ answers }) => answers.question));
    expect(QUESTION_NAMES.filter((name) => !answered.has(name) && name !== "fairness")).toEqual([]);
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
    ["throughput{tier:all}", "value", undefined],
    ["no_such_metric", "value", undefined],
  ])("of %s %s is %s", (metric, aggregation, question) => {
    expect(questionOf({ metric, aggregation })).toBe(question);
  });

  it("adds no measure to what is measured already, and no other changes", () => {
    const names = { tiers: ["standard"], sources: [], accounts: [], sessions: [], hasPrices: true };
    const before = measuresOf(names, []).map(({ metric }) => metric);
    const after = measuresOf(names, askedOf(["standard"])).map(({ metric }) => metric);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toEqual(["goodput{tier:standard}", "goodput{tier:all}"]);
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
