// The script of a report: makes tabs of its sections, draws its history and lets the reader choose light or dark. All
// that is said is on the page without it. It reads the page it is in and nothing else.
import type { Series } from "../../core/index.js";
import type { Chart } from "../../core/internal.js";
import { drawCharts } from "./plots.js";
import { makeTabs } from "./tabs.js";
import { offerTheme } from "./theme.js";

/** What the page embeds of the result that is drawn here. */
interface Embedded {
  readonly series: Series;
  readonly time: { readonly simulated: number };
}

function embedded<Value>(id: string): Value {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null") as Value;
}

const { series, time } = embedded<Embedded>("surgefleet-result");
const charts = embedded<readonly Chart[]>("surgefleet-charts");

makeTabs();
const redraw = drawCharts(charts, series, time.simulated);
offerTheme(redraw);
