// The report of a scenario's stability as text: a line per seed and the verdict over all of them.
import type { RecoveryVerdict } from "../../results/metrics/judged.js";
import type { SeedOutcome, StabilityResult, StabilityVerdict } from "../../results/verdict/stability.js";
import { caveatBlock } from "./caveats.js";
import * as format from "./format.js";
import { ASCII_MARKS, PLAIN, type Style, UNICODE_MARKS } from "./style.js";
import { leftAligned, rightAligned, widest } from "./width.js";

export interface StabilityTextOptions {
  /** Colours; none if left out. */
  readonly style?: Style;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
}

const WIDTH = 110;
const HEAD = ["seed", "verdict", "recovery", "before", "after", "attempts each"];
const PAINT = {
  recovered: "good",
  recovering: "warn",
  stuck: "bad",
  unknown: "warn",
} as const satisfies Record<RecoveryVerdict, keyof Style>;
const VERDICT_PAINT = {
  stable: "good",
  metastable: "bad",
  collapsed: "bad",
  unclear: "warn",
} as const satisfies Record<StabilityVerdict, keyof Style>;

/** Lines end in LF, the last one too. */
export function stabilityText(result: StabilityResult, options: StabilityTextOptions = {}): string {
  const style = options.style ?? PLAIN;
  const { missing } = options.ascii === true ? ASCII_MARKS : UNICODE_MARKS;
  const rows = result.seeds.map((seed) => cells(seed, missing));
  const widths = HEAD.map((_, column) => widest([HEAD, ...rows].map((row) => row[column]!)));
  const line = (row: readonly string[]) =>
    row.map((text, column) => (column < 2 ? leftAligned : rightAligned)(text, widths[column]!));
  const lines = rows.map((row, index) => {
    const [seed, verdict, ...numbers] = line(row);
    return [seed, style[PAINT[result.seeds[index]!.verdict]](verdict!), ...numbers].join("  ");
  });
  const caveats = caveatBlock(result.caveats, { style, width: WIDTH });
  const below = caveats.length === 0 ? [] : ["", ...caveats];
  const report = [style.bold(line(HEAD).join("  ")), ...lines, "", ...conclusion(result, style), ...below];
  return `${report.join("\n")}\n`;
}

function cells(one: SeedOutcome, missing: string): string[] {
  const told = (value: number | null, show: (value: number) => string) =>
    value === null ? missing : show(value);
  return [
    one.seed,
    one.verdict,
    told(one.recoveryTime, format.span),
    told(one.goodputBefore, format.rate),
    told(one.goodputAfter, format.percent),
    told(one.amplification, format.number),
  ];
}

function conclusion(
  { scenario, verdict, stuck, recovered, unknown, stuckShare }: StabilityResult,
  style: Style,
) {
  const counts = [
    `${format.count(stuck)} of ${format.count(stuck + recovered)} seeds stuck`,
    ...(stuckShare === null
      ? []
      : [
          `95% interval ${format.percent(stuckShare.low)} to ${format.percent(stuckShare.high)} (Clopper-Pearson)`,
        ]),
    ...(unknown > 0 ? [`${format.count(unknown)} too short to tell: run longer`] : []),
  ];
  return [`${style.bold(scenario)}  ${style[VERDICT_PAINT[verdict]](verdict)}: ${counts.join(", ")}`];
}
