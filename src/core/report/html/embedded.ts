// The result inside a report: the whole of it as JSON, but for a history that is too long to be drawn. Read back
// where two reports are compared.
import type { RunResult } from "../../results/shape/result.js";
import { shortenedSeries } from "./history.js";

const RESULT_ID = "surgefleet-result";

const OPENING = `<script type="application/json" id="${RESULT_ID}">`;
/** A report is to fit into 400 KB, of which this is the larger part. */
const MOST_CHARACTERS = 200_000;
const CLOSING = "</script>";

/** A script element that no browser runs. */
export function resultElement(result: RunResult): string {
  const { series, ...rest } = result;
  const room = MOST_CHARACTERS - JSON.stringify(rest).length;
  return `${OPENING}${scriptJson({ ...rest, series: shortenedSeries(series, room) })}${CLOSING}`;
}

/** JSON in which nothing can end or begin an element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** The JSON text of the result in a report; undefined where the page has none. */
export function embeddedResult(page: string): string | undefined {
  const from = page.indexOf(OPENING);
  if (from < 0) return undefined;
  const until = page.indexOf(CLOSING, from);
  return until < 0 ? undefined : page.slice(from + OPENING.length, until);
}
