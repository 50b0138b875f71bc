import { describe, expect, it } from "vitest";
import { ASCII_MARKS, PLAIN } from "../../../../src/core/report/text/style.js";
import { type Column, renderTable } from "../../../../src/core/report/text/table.js";

const column = (head: readonly [string, string], ...cells: string[]): Column => ({
  head,
  cells: cells.map((text) => ({ text })),
});
const label = column(["", "tier"], "standard", "all");
const counts = [column(["", "attempts"], "12", "1,200"), column(["503", "shed"], "1", "100")];
const speeds = [column(["TTFT", "p50"], "200ms", "2.50s")];
const table = (width: number) =>
  renderTable(label, [counts, speeds], { width, style: PLAIN, marks: ASCII_MARKS });

describe("a table", () => {
  it("aligns labels to the left and numbers to the right, and rules off heading and total", () => {
    expect(table(80)).toEqual([
      "                     503   TTFT",
      "tier      attempts  shed    p50",
      "-------------------------------",
      "standard        12     1  200ms",
      "-------------------------------",
      "all          1,200   100  2.50s",
    ]);
  });

  it("moves its columns together before it is parted", () => {
    expect(table(30).slice(0, 4)).toEqual([
      "                   503  TTFT",
      "tier     attempts shed   p50",
      "----------------------------",
      "standard       12    1 200ms",
    ]);
  });

  it("goes on below, group by group, where the page is too narrow", () => {
    expect(table(26)).toEqual([
      "                     503",
      "tier      attempts  shed",
      "------------------------",
      "standard        12     1",
      "------------------------",
      "all          1,200   100",
      "",
      "           TTFT",
      "tier        p50",
      "---------------",
      "standard  200ms",
      "---------------",
      "all       2.50s",
    ]);
  });

  it("breaks a group that is too wide itself, and loses no column", () => {
    const lines = table(20).join("\n");
    expect(["attempts", "shed", "p50"].filter((head) => lines.includes(head))).toHaveLength(3);
    expect(lines.split("\n").filter((line) => line.length > 20)).toEqual([]);
  });

  it("pads before it paints, so that colours do not shift columns", () => {
    const bold = (text: string) => `<${text}>`;
    const cells = [{ text: "1", paint: bold }, { text: "100" }];
    const lines = renderTable(label, [[{ head: ["", "shed"], cells }]], {
      width: 80,
      style: PLAIN,
      marks: ASCII_MARKS,
    });
    expect(lines.filter((line) => /standard|all/.test(line))).toEqual(["standard     <1>", "all        100"]);
  });

  it("aligns names by the columns they take: wide characters two, accents and joiners none", () => {
    const names = column(["", "tier"], "速い", "e\u0301te\u0301", "👩‍💻 dev", "standard", "all");
    const numbers = column(["", "shed"], "1", "22", "333", "4444", "5");
    const lines = renderTable(names, [[numbers]], { width: 80, style: PLAIN, marks: ASCII_MARKS });
    expect(lines).toEqual([
      "tier      shed",
      "--------------",
      "速い         1",
      "e\u0301te\u0301         22",
      "👩‍💻 dev     333",
      "standard  4444",
      "--------------",
      "all          5",
    ]);
  });
});
