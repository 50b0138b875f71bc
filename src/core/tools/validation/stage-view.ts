// Compared stages as text and as a page: a block for each stage, its measures at both ends of what the record leaves
// open.
import { html, type Markup } from "../../report/html/markup.js";
import { facts, shown, table } from "../../report/html/tables.js";
import * as format from "../../report/text/format.js";
import { ASCII_MARKS, PLAIN, UNICODE_MARKS } from "../../report/text/style.js";
import { type Measure, percentiles, settingsText } from "./measures.js";
import { findingSection, framed, noteSection, section, type ValidationPageParts } from "./page.js";
import {
  comparedLine,
  findingLines,
  heading,
  noteLines,
  type Page,
  type ValidationTextOptions,
} from "./report-text.js";
import type { StageComparison, StageReport, StageResult } from "./stage-report.js";

const seconds = (value: number) => format.time(value);

/** Those that the record, or the simulation at least, has a value of. */
function measuresOf(bound: StageComparison): Measure[] {
  const of = (path: keyof StageComparison & ("sent" | "succeeded" | "failed"), label: string): Measure => ({
    path,
    label,
    value: bound[path],
    show: format.count,
  });
  const rate = (value: number) => format.number(value, 4);
  const mean = (path: "ttft" | "tpot" | "e2e", label: string): Measure => ({
    path: `${path}.mean`,
    label: `${label} mean`,
    value: bound[path].mean,
    show: seconds,
  });
  return [
    of("sent", "requests sent"),
    of("succeeded", "requests served"),
    // Of a few that are lost, an error is no share of anything.
    { ...of("failed", "requests lost"), value: { ...bound.failed, error: null } },
    { path: "", label: "output tokens/s", value: bound.outputTokensPerSecond, show: rate },
    { path: "", label: "full batch: tokens/s", value: bound.capacity, show: rate },
    mean("ttft", "time to first token"),
    ...percentiles("ttft", "time to first token", bound.ttft, seconds),
    mean("tpot", "time per token"),
    ...percentiles("tpot", "time per token", bound.tpot, seconds),
    mean("e2e", "end to end"),
    ...percentiles("e2e", "end to end", bound.e2e, seconds),
  ].filter(({ value }) => value.recorded !== null);
}

function engineOf({ settings }: StageResult): string {
  return settings === null ? "as the scenario says" : settingsText({ settings });
}

/** Lines end in LF, the last one too. */
export function stagesText(report: StageReport, options: ValidationTextOptions = {}): string {
  const page: Page = {
    style: options.style ?? PLAIN,
    marks: options.ascii === true ? ASCII_MARKS : UNICODE_MARKS,
  };
  const { name, source, estimate } = report.profile;
  const lines = [`${page.style.bold(name)}${estimate ? "  an estimate" : ""}`, page.style.dim(source)];
  for (const stage of report.stages) {
    lines.push("", page.style.bold(stage.name), engineOf(stage));
    for (const bound of stage.bounds) {
      lines.push("", heading([bound.cached, "recorded", "simulated", "error"], page));
      lines.push(
        ...measuresOf(bound).map(({ label, value, show }) =>
          comparedLine(label, value, show, undefined, page),
        ),
      );
    }
    lines.push(...findingLines(stage.findings, page), ...noteLines(stage.notes, page));
  }
  return `${lines.join("\n")}\n`;
}

export function stagesHtml(report: StageReport, { title, style }: ValidationPageParts): string {
  return framed(title, style, report.profile, [
    overview(report.stages),
    ...report.stages.map((stage, index) => stageSection(stage, index)),
  ]);
}

/** All stages in one table, errors only. */
function overview(stages: readonly StageResult[]): Markup {
  const ends = ({ bounds }: StageResult, error: (bound: StageComparison) => number | null) => {
    const texts = bounds.map((bound) => shown(error(bound), format.signedPercent));
    return [...new Set(texts)].map(
      (text, end) => html` <span class="interval">${end === 0 ? "" : "to "}${text}</span>`,
    );
  };
  const content = table<StageResult>({
    caption: "Errors; two where the record leaves open what was cached of prompts",
    head: "stage",
    name: ({ name }) => name,
    columns: [
      { head: "end to end p50", cell: (stage) => ends(stage, ({ e2e }) => e2e.p50.error) },
      { head: "end to end p90", cell: (stage) => ends(stage, ({ e2e }) => e2e.p90.error) },
      { head: "time per token, mean", cell: (stage) => ends(stage, ({ tpot }) => tpot.mean.error) },
      { head: "time to first token p50", cell: (stage) => ends(stage, ({ ttft }) => ttft.p50.error) },
      { head: "full batch, tokens/s", cell: (stage) => ends(stage, ({ capacity }) => capacity.error) },
      { head: "served", cell: (stage) => ends(stage, ({ succeeded }) => succeeded.error) },
    ],
    rows: stages,
  });
  return section("overview", "All stages", content);
}

function stageSection(stage: StageResult, index: number): Markup {
  const [first] = stage.bounds;
  const measures = measuresOf(first!);
  const at = (bound: StageComparison) => new Map(measuresOf(bound).map((one) => [one.label, one]));
  const sides = stage.bounds.map((bound) => ({ bound, measures: at(bound) }));
  const columns = sides.flatMap(({ bound, measures: own }) => [
    {
      head: `simulated: ${bound.cached}`,
      cell: ({ label }: Measure) =>
        shown(own.get(label)?.value.simulated ?? null, own.get(label)?.show ?? String),
    },
    {
      head: "error",
      cell: ({ label }: Measure) => shown(own.get(label)?.value.error ?? null, format.signedPercent),
    },
  ]);
  const content = html`${facts([["engine", engineOf(stage)]])}
${table<Measure>({
  caption: `${stage.name}: recorded beside simulated`,
  head: "measure",
  name: ({ label }) => label,
  columns: [{ head: "recorded", cell: ({ value, show }) => shown(value.recorded, show) }, ...columns],
  rows: measures,
})}
${findingSection(stage.findings, `findings-${index}`)}${noteSection(stage.notes)}`;
  return section(`stage-${index}`, stage.name, content);
}
