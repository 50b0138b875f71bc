import { describe, expect, it } from "vitest";
import { csvLines, csvTable } from "../../../../src/node/results/csv.js";

describe("CSV", () => {
  it("ends lines in LF and quotes what needs it", () => {
    expect(
      csvLines([
        ["a,b", 'say "hi"', "two\nlines"],
        ["x", 1, 2.5],
      ]),
    ).toBe('"a,b","say ""hi""","two\nlines"\nx,1,2.5\n');
  });

  it("leaves empty what is missing, and never writes NaN or Infinity", () => {
    const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
    expect(csvLines([[null, undefined, nan, infinity, -infinity, 0]])).toBe(",,,,,0\n");
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])("keeps a spreadsheet from running %j", (name) => {
    expect(csvLines([[name, "plain"]])).toMatch(/^"?'/);
  });

  it("writes a header even without rows", () => {
    expect(
      csvTable(
        [
          { name: "a", value: () => 1 },
          { name: "b_s", value: () => 2 },
        ],
        [],
      ),
    ).toBe("a,b_s\n");
  });

  it("writes whole doubles", () => {
    expect(csvLines([[0.1 + 0.2, 1e-7, 123456789012]])).toBe("0.30000000000000004,1e-7,123456789012\n");
  });
});
