// The judgement of a profile as one HTML page that needs nothing but itself, without any script: recorded beside
// simulated with the error, how full the engine was over time, what to calibrate next. Knows the report, no files.
import { documentHtml } from "../../report/html/document.js";
import { html, type Markup, type Part } from "../../report/html/markup.js";
import { facts, shown, table } from "../../report/html/tables.js";
import { timeCourseKey, timeCourseSvg } from "../../report/html/time-course.js";
import * as format from "../../report/text/format.js";
import type { BoundCheck } from "./bounds.js";
import type { Finding } from "./diagnosis.js";
import { type Measure, measuresOf, rangeText, settingsText } from "./measures.js";
import type { Group } from "./pairs.js";
import type { ValidationReport } from "./report.js";
import type { History, RunComparison } from "./run-comparison.js";
import type { StepErrors } from "./step-errors.js";

export interface ValidationPageParts {
  /** What was recorded, as the files are called. */
  readonly title: string;
  readonly style: string;
}

export function validationHtml(report: ValidationReport, { title, style }: ValidationPageParts): string {
  const { run, steps, bounds, findings, notes, profile } = report;
  return framed(title, style, profile, [
    (run ?? steps) && findingSection(findings),
    noteSection(notes),
    run && runSection(run, bounds),
    run && courseSection(run),
    run && groupSection(run),
    steps && stepSection(steps),
  ]);
}

/** The frame that pages of runs and of stages have in common. */
export function framed(
  title: string,
  style: string,
  { name, source, estimate }: ValidationReport["profile"],
  sections: readonly Part[],
): string {
  const page = documentHtml({
    title: `${title} – surgefleet validation`,
    style,
    body: html`<a class="skip" href="#main">Skip to the comparison</a>
<header>
<div class="title"><h1>${title}</h1></div>
<p class="description">${source}</p>
${facts([
  ["profile", name],
  ["step times", estimate ? "an estimate" : "measured"],
])}
</header>
<main id="main" tabindex="-1">
${sections}
</main>
<footer><p>Made by surgefleet. An error is simulated / recorded - 1: above 0 the simulator is too high.
docs/validation.md explains every number.</p></footer>`,
  });
  return page.text;
}

export function findingSection(findings: readonly Finding[], id = "findings"): Markup {
  const content =
    findings.length === 0
      ? html`<p class="quiet">Nothing stands out.</p>`
      : table<Finding>({
          caption: "By rule, the most telling first",
          head: "part",
          name: ({ part }) => part,
          columns: [
            { head: "what was seen", isText: true, cell: ({ seen }) => seen },
            { head: "what to do about it", isText: true, cell: ({ next }) => next },
          ],
          rows: findings,
        });
  return section(id, "What to calibrate next", content);
}

export function noteSection(notes: readonly string[]): Part {
  return (
    notes.length > 0 &&
    html`<ul class="quiet" aria-label="Notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`
  );
}

export function section(id: string, title: string, content: Part): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>
`;
}

function runSection(run: RunComparison, bounds: readonly BoundCheck[]): Markup {
  const content = html`<p class="quiet">${format.count(run.requests)} requests, ${settingsText(run)}.</p>
${measureTable(
  "Recorded beside simulated",
  measuresOf(run).filter(({ value }) => value.recorded !== null || value.simulated !== null),
  ({ path }) => verdict(bounds.find(({ measure }) => measure === path)),
)}`;
  return section("run", "The run", content);
}

function measureTable(
  caption: string,
  measures: readonly Measure[],
  judged?: (one: Measure) => Part,
): Markup {
  return table<Measure>({
    caption,
    head: "measure",
    name: ({ label }) => label,
    columns: [
      { head: "recorded", cell: ({ value, show }) => shown(value.recorded, show) },
      { head: "simulated", cell: ({ value, show }) => shown(value.simulated, show) },
      { head: "error", cell: ({ value }) => shown(value.error, format.signedPercent) },
      ...(judged === undefined ? [] : [{ head: "bound", isText: true, cell: judged }]),
    ],
    rows: measures,
  });
}

function verdict(bound: BoundCheck | undefined): Part {
  if (bound === undefined) return null;
  const leave = bound.orSeconds === null ? "" : ` or ${format.time(bound.orSeconds)}`;
  const limit = `${format.percent(bound.limit)}${leave}`;
  if (bound.verdict === "not judged") return html`<span class="quiet">not judged in overload</span>`;
  const badge = bound.verdict === "within" ? "pass" : "fail";
  return html`<span class="badge ${badge}">${bound.verdict}</span> ${limit}`;
}

function courseSection({ batch, kvPages, binSeconds }: RunComparison): Markup {
  const content = html`<div class="charts">${course("Sequences decoding", batch.history, binSeconds)}
${course(`KV reserved, pages of ${kvPages.pageTokens} tokens`, kvPages.history, binSeconds)}</div>`;
  return section("courses", "Over time", content);
}

function course(title: string, { recorded, simulated }: History, stretch: number): Markup {
  const sides = [
    { name: "recorded", tone: 0, values: recorded },
    { name: "simulated", tone: 1, values: simulated },
  ];
  const bins = recorded.map((_, bin) => bin);
  return html`<figure class="chart"><figcaption>${title}</figcaption>
${timeCourseSvg({ label: `${title} over time`, stretch, sides })}${timeCourseKey(sides)}
<details><summary>As a table</summary>${table<number>({
    caption: title,
    head: "from",
    name: (bin) => format.span(bin * stretch),
    columns: sides.map(({ name, values }) => ({
      head: name,
      cell: (bin: number) => format.number(values[bin]!),
    })),
    rows: bins,
  })}</details></figure>`;
}

function groupSection({ tpotByBatch, ttftByPrompt }: RunComparison): Markup {
  const groups = (caption: string, head: string, rows: readonly Group[]) =>
    table<Group>({
      caption,
      head,
      name: rangeText,
      columns: [
        { head: "requests", cell: ({ requests }) => format.count(requests) },
        { head: "recorded", cell: ({ mean }) => shown(mean.recorded, (value) => format.time(value)) },
        { head: "simulated", cell: ({ mean }) => shown(mean.simulated, (value) => format.time(value)) },
        { head: "error", cell: ({ mean }) => shown(mean.error, format.signedPercent) },
      ],
      rows,
    });
  const content = html`${groups("Mean time per token, by sequences that decode beside a request", "batch", tpotByBatch)}
${groups("Mean time to first token, by prompt tokens that had to be computed", "prompt tokens", ttftByPrompt)}`;
  return section("groups", "Where the error is", content);
}

function stepSection({ gpu, host, notes }: StepErrors): Markup {
  const regimes = [...Object.entries(gpu.byRegime), ["all", gpu.all] as const];
  const content = html`${table<(typeof regimes)[number]>({
    caption: "Time on the GPU, each recorded step predicted by itself",
    head: "kind of step",
    name: ([regime]) => regime,
    columns: [
      { head: "steps", cell: ([, { points }]) => format.count(points) },
      { head: "bias", cell: ([, { bias }]) => format.signedPercent(bias) },
      { head: "mean error", cell: ([, { mean }]) => format.percent(mean) },
      { head: "p90", cell: ([, { p90 }]) => format.percent(p90) },
      { head: "max", cell: ([, { max }]) => format.percent(max) },
    ],
    rows: regimes,
  })}
${
  host &&
  measureTable("Mean time of a step outside the GPU", [
    { path: "", label: "decode only", value: host.decode, show: (millis) => format.time(millis / 1000) },
    { path: "", label: "with prefill", value: host.prefill, show: (millis) => format.time(millis / 1000) },
  ])
}
${noteSection(notes)}`;
  return section("steps", "Single steps", content);
}
