import { describe, expect, it } from "vitest";
import { validationText } from "../../../../src/core/internal.js";
import { report } from "./recording.js";

describe("validationText", () => {
  it("prints recorded, simulated and error beside each other, in ASCII where asked", () => {
    const text = validationText(report(), { ascii: true });
    expect(text).toMatch(
      /^time to first token p50 +\S+ms +\S+ms +[+-]\d+\.\d\d% {2}\S+ \w+ 10% or 5\.00ms$/m,
    );
    expect(text).toMatch(/^steps\/s +/m);
    expect(text).toMatch(/^host part of a step +recorded +predicted +error$/m);
    expect(text).toMatch(/^prefill after context +1 +/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    expect(text).toMatch(/^[\x00-\x7F]*\n$/);
    const [, , ...lines] = text.split("\n");
    expect(lines.filter((line) => line.length > 118)).toEqual([]);
  });

  it("draws both histories on one scale", () => {
    const text = validationText(report());
    const [recorded, simulated] = [...text.matchAll(/(?:recorded|simulated) {2,3}([·▁▂▃▄▅▆▇█]{24})$/gm)].map(
      ([, line]) => line!,
    );
    expect(recorded).toMatch(/^[·▁▂▃▄▅▆▇█]{24}$/);
    expect(simulated).toHaveLength(24);
  });
});
