import { describe, expect, it } from "vitest";
import { answersText } from "../../../../src/core/report/text/answers-text.js";
import { comparedSides } from "../../../support/compared.js";
import { change } from "../../results/verdict/changes.js";

const blockOf = (text: string, head: RegExp) => text.split("\n\n").find((block) => head.test(block))!;
const paint = (word: string) => (text: string) => `<${word}>${text}</${word}>`;
const STYLE = {
  ...{ bold: (text: string) => text, dim: paint("dim") },
  ...{ good: paint("good"), bad: paint("bad"), warn: paint("warn") },
};

describe("several sides as text", () => {
  it("are a table for each question, with differences to the first and their words", () => {
    const shed = blockOf(answersText(comparedSides()), /^SHED/);
    expect(shed.replace(/─+/, "──").split("\n")).toEqual([
      "SHED  overloaded_rate",
      "                   standard                               priority",
      "side                  value          difference              value  difference",
      "──",
      "tail-drop                5%                                     0%",
      "none                     0%  -5 pp [-5.5, -4.5]   better        0%           0  same",
      "saturation              12%     7 pp [6.3, 7.7]    worse        0%           0  same",
      "trunk-reservation        5%                   0  unclear        0%           0  same",
    ]);
  });

  it("have no value where there is no data, and say so of what is not in both", () => {
    const text = answersText(comparedSides());
    expect(blockOf(text, /^TIME TO FIRST TOKEN {2}ttft p\(99\)/)).toMatch(
      /^trunk-reservation +3\.00s +0 +same +–$/m,
    );
    expect(text).toContain("not in both tail-drop and trunk-reservation: ttft{tier:priority} p(99)");
  });

  it("say what was not measured, how many differ, and how sure that is together", () => {
    const text = answersText(comparedSides());
    expect(text).toContain("COST  nothing of it was measured");
    expect(text).toContain(
      "17 differences: 4 better, 4 worse, 3 unclear, 6 same\n" +
        "All intervals of all sides hold together with 92.5%, and words are of all together (Holm).",
    );
  });

  it("paint the words as the table of one comparison does", () => {
    const shed = blockOf(answersText(comparedSides(), { style: STYLE }), /^SHED/);
    for (const word of ["good>better</good", "bad>worse</bad", "dim>unclear</dim"])
      expect(shed).toContain(word);
  });

  it("name what a gate calls worse by side, and caveats by whose they are", () => {
    const worse = [[], [change("ttft{tier:all}", 1, 2, { aggregation: "p(99)" })], []];
    const short = [{ kind: "short", text: "too short" }] as const;
    const text = answersText(comparedSides(), { worse, caveats: [[], short, [], []] });
    expect(text).toContain("none: regressions: none\nsaturation: regressions: ttft{tier:all} p(99) (p 0.01");
    expect(text).toMatch(/CAVEATS\n {2}none: too short\n$/);
  });
});

describe("a picture of a trade-off", () => {
  const picture = (options = {}) => {
    const text = answersText(comparedSides(), options);
    return text
      .slice(text.indexOf("ttft p(99) of priority"), text.indexOf("\n\n", text.indexOf("better to")))
      .split("\n");
  };

  it("has a letter for each side where its values are, a capital where no other is better", () => {
    const lines = picture();
    expect(lines[0]).toBe("ttft p(99) of priority  (better below)");
    // From the highest to the lowest: none, tail-drop, saturation; from the left: likewise.
    expect(lines[1]).toMatch(/^ {2}6\.00s │ B$/);
    expect(lines.findIndex((line) => / A$/.test(line.slice(0, 40)))).toBeGreaterThan(5);
    expect(lines[10]).toMatch(/^ {2}500ms │ {50,}C$/);
    expect(lines[11]).toMatch(/^ +└─+$/);
    expect(lines[12]).toMatch(/^ +0% +12%$/);
    expect(lines[13]!.trim()).toBe("overloaded_rate of standard  (better to the left)");
  });

  it("says of an axis along which all may be chance that it may", () => {
    const answered = comparedSides();
    const tradeOffs = answered.tradeOffs.map((one) => ({ ...one, up: { ...one.up, isTold: false } }));
    const text = answersText({ ...answered, tradeOffs });
    expect(text).toContain("ttft p(99) of priority  (better below; all of it may be chance)");
    expect(text).toContain("(better to the left)");
  });

  it("lists the sides below with their values, without those that have no data", () => {
    expect(picture().slice(14)).toEqual([
      "  A  tail-drop   5%, 2.00s",
      "  B  none        0%, 6.00s",
      "  C  saturation  12%, 500ms",
    ]);
  });

  it("is drawn in ASCII where nothing else can be shown", () => {
    const lines = picture({ ascii: true });
    expect(lines[1]).toMatch(/^ {2}6\.00s \| B$/);
    expect(lines[11]).toMatch(/^ +\+-+$/);
  });
});
