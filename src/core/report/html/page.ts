// The report of a run as one HTML page that needs nothing but itself: everything is said in plain tables and pictures,
// and the page's script, if it may run, draws the history and makes tabs of the sections. From the result alone.
import type { RunResult } from "../../results/shape/result.js";
import * as format from "../text/format.js";
import type { Chart } from "./chart.js";
import { chartSection, chartsOf } from "./charts.js";
import { distributionSection } from "./distributions.js";
import { documentHtml } from "./document.js";
import { resultElement, scriptJson } from "./embedded.js";
import { html, type Markup, trusted } from "./markup.js";
import { accountSection, callerSection, moneySection, poolSection } from "./sections.js";
import { facts, shown } from "./tables.js";
import { tierSection } from "./tiers.js";
import { verdictSection } from "./verdicts.js";

/** The page's own script and style, as they were built. */
export interface ReportClient {
  readonly script: string;
  readonly style: string;
  /** SHA-256 of the script in base64, by which the page's policy knows it. */
  readonly scriptHash: string;
}

export interface ReportParts {
  /** The scenario after its extends and overrides, as text; null where it is not known. */
  readonly scenario: string | null;
  /** manifest.json as text; null where there is none. */
  readonly manifest: string | null;
  readonly client: ReportClient;
}

export function reportHtml(result: RunResult, { scenario, manifest, client }: ReportParts): string {
  const charts = chartsOf(result);
  const page = documentHtml({
    title: `${result.scenario} – surgefleet report`,
    style: client.style,
    scriptHash: client.scriptHash,
    body: html`<a class="skip" href="#main">Skip to the report</a>
${header(result)}
<main id="main" tabindex="-1">
${verdictSection(result)}
${tierSection(result)}
${details(result, charts, scenario, manifest)}
</main>
<footer><p>Made by surgefleet. It holds the result, its history shortened; <code>surgefleet compare</code> reads it
back.</p></footer>`,
    scripts: html`${trusted(resultElement(result))}
<script type="application/json" id="surgefleet-charts">${trusted(scriptJson(charts))}</script>
<script>${trusted(client.script)}</script>`,
  });
  return page.text;
}

function header(result: RunResult): Markup {
  const { scenario, description, seed, time, all, replications, caveats } = result;
  const pairs = [
    ["requests", format.count(all.requests.offered)],
    ["attempts", format.count(all.attempts)],
    [
      "measured",
      `${format.span(time.measured)}${time.warmup > 0 ? ` after ${format.span(time.warmup)}` : ""}`,
    ],
    ["offered", shown(time.offeredRate, format.rate)],
    ["seed", seed],
    ["replications", format.count(replications.length)],
  ] as const;
  return html`<header>
<div class="title"><h1>${scenario}</h1><button type="button" id="theme" hidden>Dark</button></div>
${description !== "" && html`<p class="description">${description}</p>`}
${facts(pairs)}
${
  caveats.length > 0 &&
  html`<ul class="warning" aria-label="Caveats">${caveats.map(({ text }) => html`<li>${text}</li>`)}</ul>`
}
</header>`;
}

function details(
  result: RunResult,
  charts: readonly Chart[],
  scenario: string | null,
  manifest: string | null,
): Markup {
  const source = (title: string, text: string | null) =>
    text === null
      ? html`<h3>${title}</h3><p class="quiet">Not known: the result was read without it.</p>`
      : html`<h3>${title}</h3><pre tabindex="0">${text}</pre>`;
  const sections = [
    ["history", "Over time", chartSection(result, charts)],
    ["distributions", "Distributions", distributionSection(result)],
    ["callers", "Callers", callerSection(result)],
    ["accounts", "Accounts", accountSection(result)],
    ["money", "Money", moneySection(result)],
    ["pools", "Pools", poolSection(result)],
    ["inputs", "Scenario", html`${source("Scenario", scenario)}${source("Manifest", manifest)}`],
  ] as const;
  return html`<nav class="tabs" aria-label="Sections">${sections.map(
    ([id, title]) => html`<a href="#${id}" id="tab-${id}">${title}</a>`,
  )}</nav>
${sections.map(
  ([id, title, content]) => html`<section class="panel" id="${id}" aria-labelledby="title-${id}">
<h2 id="title-${id}">${title}</h2>
${content}
</section>
`,
)}`;
}
