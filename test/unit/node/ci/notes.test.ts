// Every caveat that a result can have stands in everything that tells of a result, in the same words.
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../../src/core/index.js";
import { reportHtml } from "../../../../src/core/internal.js";
import { comparisonHtml } from "../../../../src/core/report/html/comparison-page.js";
import { answersText } from "../../../../src/core/report/text/answers-text.js";
import { comparisonText } from "../../../../src/core/report/text/comparison-text.js";
import { PLAIN } from "../../../../src/core/report/text/style.js";
import { textReport } from "../../../../src/core/report/text/text.js";
import { UNKNOWN_LOAD } from "../../../../src/core/results/metrics/load.js";
import { CAVEAT_KINDS, type CaveatKind } from "../../../../src/core/results/shape/caveat-kinds.js";
import { caveatsOf } from "../../../../src/core/results/shape/caveats.js";
import type { RunResult } from "../../../../src/core/results/shape/result.js";
import type { CheckedScenario, CheckReport } from "../../../../src/node/ci/checked.js";
import { githubAnnotations } from "../../../../src/node/ci/github.js";
import { junitXml } from "../../../../src/node/ci/junit.js";
import { checkLines } from "../../../../src/node/ci/lines.js";
import { checkMarkdown } from "../../../../src/node/ci/markdown.js";
import { notesOf } from "../../../../src/node/ci/notes.js";
import { writeOutputs } from "../../../../src/node/ci/outputs.js";
import { summaryJson } from "../../../../src/node/results/summary-files.js";
import { comparedSides } from "../../../support/compared.js";
import { lossSystem } from "../../../support/oracle.js";
import { poolRow } from "../../../support/report-result.js";
import { runResult, tierRow } from "../../../support/run-result.js";

const base = runResult();
const seeds = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...base.replications[0]!, seed: `7/${index + 1}` }));
const by = (method: RunResult["estimates"][number]["method"]) =>
  base.estimates.map((estimate) => ({ ...estimate, method }));
const load = (verdict: RunResult["load"]["verdict"]) => ({
  load: { ...UNKNOWN_LOAD, verdict, where: "queue of shared", perSecond: 0.5 },
});

/** What has each of them; a new kind is put in here. */
const HAVING: Readonly<Record<CaveatKind, Partial<RunResult>>> = {
  partial: { partial: true },
  reading: {
    reading: [
      {
        ...{ source: "callers", file: "a <b>.csv", format: "generic", rowsRead: 9, rowsYielded: 8 },
        findings: [{ kind: "dropped", what: "failed: no output & no end", count: 1, line: 3 }],
      },
    ],
  },
  "one-seed": { replications: seeds(1), estimates: by("one-seed") },
  "only-run": { replications: seeds(1), estimates: by("batches") },
  swings: { estimates: by("swings") },
  "heavy-tail": { estimates: by("heavy-tail") },
  growing: load("growing"),
  "warming-up": load("warming-up"),
  short: load("unknown"),
  open: {
    tiers: [
      tierRow("standard", {
        requests: { ...base.all.requests, offered: 100, completed: 50, failed: 0, open: 50 },
      }),
    ],
  },
  cut: {
    cuts: [{ source: "callers_*", prompts: 3, outputs: 2, thinkTimes: 1 }],
    pools: [{ ...poolRow("p"), kvTokens: 1856, cutOutputs: 1, cutTokens: 22 }],
  },
  estimate: { pools: [{ ...poolRow("p"), estimate: true }] },
  cards: { pools: [{ ...poolRow("p"), uncertainty: 0.05 }] },
};

function resultWith(kind: CaveatKind): RunResult {
  const result = runResult({ replications: seeds(8), estimates: by("replications"), ...HAVING[kind] });
  return { ...result, caveats: caveatsOf(result) };
}

const SCENARIO = parseScenario(
  lossSystem({
    ...{ slots: 10, rates: { standard: 4 }, admission: { policy: "none" }, duration: "20s", warmup: "0s" },
    service: { dist: "constant", value: 1e5 },
  }),
);

function checkedWith(result: RunResult): CheckReport {
  const checked: CheckedScenario = {
    ...{ path: "a.yaml", name: "a", result, aborted: false, seconds: 1, against: undefined },
    places: result.thresholds.map(() => ({ file: "a.yaml", line: 1, column: 1 })),
    notes: notesOf(result, SCENARIO),
  };
  return { checked: [checked], unchecked: [], orphans: [], allowUndecided: false };
}

function checkJson(result: RunResult): string {
  let text = "";
  const stream = { write: (more: string) => (text += more) };
  writeOutputs(checkedWith(result), { json: true }, { output: stream, errors: stream, env: {} }, []);
  return text;
}

const jsonTexts = (text: string) => {
  const read = JSON.parse(text) as
    | { readonly caveats: RunResult["caveats"] }
    | { readonly caveats: RunResult["caveats"] }[];
  return [read]
    .flat()
    .flatMap(({ caveats }) => caveats.map((one) => one.text))
    .join("\n");
};
const CLIENT = { script: "", style: "", scriptHash: "abc=" };
/** Only what is read on it: the result itself is embedded, too. */
const pageText = (page: string) =>
  page
    .replaceAll(/<script[\s\S]*?<\/script>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
const PLAIN_PAGE = { style: PLAIN, ascii: false };
const [ONE] = comparedSides().comparisons;

/** As a reader has it, marks of the format taken off. */
const OUTPUTS: Readonly<Record<string, (result: RunResult) => string>> = {
  "summary.json": (result) => jsonTexts(summaryJson(result)),
  "the text": (result) => textReport(result),
  "the text on a narrow page": (result) => textReport(result, { width: 60 }),
  "the page": (result) => pageText(reportHtml(result, { scenario: null, manifest: null, client: CLIENT })),
  "the lines of a check": (result) => checkLines(checkedWith(result).checked[0]!, PLAIN_PAGE),
  "the JSON of a check": (result) => jsonTexts(checkJson(result)),
  Markdown: (result) => checkMarkdown(checkedWith(result)).replaceAll(/\\(?=[^a-z0-9\s])/gi, ""),
  "cases of JUnit": (result) => textOfCases(junitXml(checkedWith(result))),
  "properties of JUnit": (result) => propertiesOf(junitXml(checkedWith(result))),
  "annotations of GitHub": (result) => githubAnnotations(checkedWith(result)).replaceAll("%25", "%"),
  "a comparison's answers": ({ caveats }) => answersText(comparedSides(), { caveats: [caveats, [], [], []] }),
  "a comparison's tables": ({ caveats }) =>
    comparisonText(ONE!, { before: "a", after: "b", caveats: [caveats, []] }),
  "a comparison's page": ({ caveats }) =>
    pageText(comparisonHtml(comparedSides(), { title: "a", caveats: [caveats, [], [], []], style: "" })),
};

const systemOut = (xml: string) =>
  [...xml.matchAll(/<system-out>\s*<!\[CDATA\[([\s\S]*?)\]\]>/g)].map(([, text]) => text!);
function textOfCases(xml: string): string {
  const cases = systemOut(xml);
  expect(cases).toHaveLength(base.thresholds.length);
  expect(new Set(cases.map((text) => text.slice(text.indexOf("note: ")))).size).toBe(1);
  return cases[0]!;
}
function propertiesOf(xml: string): string {
  const values = [...xml.matchAll(/<property name="note \d+" value="([^"]*)"/g)].map(([, value]) => value!);
  return pageText(values.join("\n"));
}

const words = (text: string) => text.replaceAll(/\s+/g, " ");

describe.each(CAVEAT_KINDS)("a caveat of the kind %s", (kind) => {
  const result = resultWith(kind);
  const texts = result.caveats.filter((one) => one.kind === kind).map(({ text }) => text);

  it.each(Object.entries(OUTPUTS))("stands in %s", (name, render) => {
    expect(texts.length).toBeGreaterThan(0);
    const said = words(render(result));
    // With the numbers, and after how long.
    if (kind === "partial" && name.startsWith("the text")) expect(said).toContain("PARTIAL");
    else expect(texts.filter((text) => !said.includes(words(text)))).toEqual([]);
  });
});
