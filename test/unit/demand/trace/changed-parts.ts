// Which values of a file of parts in parts may be any without a word: each is changed and the file read again.
import { expect } from "vitest";
import { type ReadTraceOptions, readTrace } from "../../../../src/core/demand/trace/read-trace.js";
import { findingsOf, newTraceReport } from "../../../../src/core/demand/trace/report.js";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The path of a part: the places of lists left out, but of those of brief rows, which are its fields. */
function below(path: string, key: string, isPlace: boolean): string {
  if (!isPlace) return path === "" ? key : `${path}.${key}`;
  return path === "rows[]" ? `${path}[${key}]` : `${path}[]`;
}

/** Another value that is as good, where there is one: of a list another step from one entry to the next. */
function other(value: Json, place: number): Json {
  if (typeof value === "number") return value + (value > 1e9 ? 1e6 : 1) + place;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return value;
  // Of errors only those count that tell of a time that was up.
  if (/time/i.test(value)) return "refused";
  return /^\d{4}-/.test(value) ? value.replace(/:(\d\d):/, ":59:") : `${value}xxxx`;
}

/** Values with all those of one path changed; collects every path on the way. */
function changed(value: Json, at: string | undefined, paths: Set<string>, path = "", place = 0): Json {
  if (typeof value !== "object" || value === null) {
    if (value !== null && value !== "") paths.add(path);
    return path === at ? other(value, place) : value;
  }
  if (Array.isArray(value))
    return value.map((part, index) => changed(part, at, paths, below(path, String(index), true), index));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, changed(part, at, paths, below(path, key, false))]),
  );
}

export function read(documents: readonly Json[], options: Omit<ReadTraceOptions, "file"> = {}) {
  const report = newTraceReport();
  const text = documents.map((one) => `${JSON.stringify(one)}\n`).join("");
  try {
    const rows = [...readTrace([text], { file: "t", ...options }, report)];
    return { rows: JSON.stringify([rows, report.firstMicros, findingsOf(report)]), report };
  } catch (error) {
    return { rows: String(error), report };
  }
}

/** Paths of a sample whose values may be any without a word. */
/** Why each field is told as ignored that is told so. */
export function toldIn(documents: readonly Json[], options: Omit<ReadTraceOptions, "file"> = {}) {
  const { report } = read(documents, options);
  const ignored = findingsOf(report).filter(({ kind }) => kind === "ignored");
  return Object.fromEntries(ignored.map(({ what, why }) => [what, why]));
}

export function untold(documents: readonly Json[], options: Omit<ReadTraceOptions, "file"> = {}): string[] {
  const paths = new Set<string>();
  for (const one of documents) changed(one, undefined, paths);
  const { rows, report } = read(documents, options);
  expect(report.rowsYielded).toBeGreaterThan(0);
  const told = findingsOf(report)
    .filter(({ kind, why }) => kind === "ignored" && why !== undefined && why !== "no field of the format")
    .map(({ what }) => what);
  const isTold = (nested: string) => {
    // A request of a sub-agent is a request.
    const path = nested
      .replace("requests[].requests[].", "requests[].")
      .replace(/^benchmarks\[\]\.requests\.\w+\[\]\./, "requests[].");
    return told.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
  };
  return [...paths].filter(
    (path) =>
      !isTold(path) &&
      read(
        documents.map((one) => changed(one, path, new Set())),
        options,
      ).rows === rows,
  );
}
