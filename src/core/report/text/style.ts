// How a report may look: the colours and the marks of the place it is printed to. The caller brings the
// colours, so that nothing here asks what terminal there is.

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
}

const asIs: Paint = (text) => text;

export const PLAIN: Style = { bold: asIs, dim: asIs, good: asIs, bad: asIs, warn: asIs };

/** Characters of a report. Every mark also differs in shape or word, never in colour alone. */
export interface Marks {
  readonly pass: string;
  readonly fail: string;
  readonly undecided: string;
  readonly rule: string;
  /** The side of a chart, and where it meets the rule below. */
  readonly upright: string;
  readonly corner: string;
  /** A bar of height zero, then the heights of a sparkline from low to high. */
  readonly nothing: string;
  readonly heights: string;
  readonly missing: string;
}

export const UNICODE_MARKS: Marks = {
  pass: "✓",
  fail: "✗",
  undecided: "?",
  rule: "─",
  upright: "│",
  corner: "└",
  nothing: "·",
  heights: "▁▂▃▄▅▆▇█",
  missing: "–",
};

export const ASCII_MARKS: Marks = {
  pass: "pass",
  fail: "FAIL",
  undecided: "????",
  rule: "-",
  upright: "|",
  corner: "+",
  nothing: ".",
  heights: ":-=+*%#@",
  missing: "-",
};
