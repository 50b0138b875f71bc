// What of an output is held against the record. Structured text (JSON, JSON lines, YAML, CSV) is compared as data: keys and
// columns sorted, names translated back by renames.ts, sentences by their numbers alone. Prose, pages and pictures are
// compared by the numbers in them, in order: another wording is no difference, another digit is one.
//
// Never compared: what has come to be since (renames.ts names it), order of keys and columns, versions of this program, SHA-256 hashes and sizes of files, and how long
// something took on the clock of the machine.
import { csvParseRows } from "d3-dsv";
import { parse } from "yaml";
import { ADDED, RENAMES } from "./renames.js";

/** A part of an output by name, and its text in canonical form. */
export type Facets = Readonly<Record<string, string>>;

const NAME = /[A-Za-z_]\w*/g;
const NUMBER = /(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|\d+(?:[.,]\d+)*(?:e[-+]?\d+)?/gi;
/** Values with so many spaces are sentences. */
const SPACES_OF_A_SENTENCE = 3;
/** Keys whose values say something of this program or of files rather than of a simulation. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["surgefleet", "sha256", "bytes"]);
/** Lines as `summary.json` has them in a page that shows a manifest; wall times as `check` and JUnit tell them. */
const NOISE: readonly RegExp[] = [
  /"(?:surgefleet|sha256|bytes)": [^\n]*/g,
  /\b[0-9a-f]{64}\b/g,
  /\b(?:time|timestamp|version)="[^"]*"/g,
  /(?<=\bseeds, )[\d.]+ ?\w+/g,
  /\bv?\d+\.\d+\.\d+\b/g,
];

/** Any name in a text, as the record knows it. */
export function oldName(text: string, renames: ReadonlyMap<string, string> = RENAMES): string {
  return renames.size === 0 ? text : text.replace(NAME, (name) => renames.get(name) ?? name);
}

function numbersIn(text: string): string {
  const quiet = NOISE.reduce((left, noise) => left.replace(noise, ""), text);
  return (quiet.match(NUMBER) ?? []).join("\n");
}

/** An output by the name of its file; what was printed by its first character. */
export function facetsOf(file: string, text: string): Facets {
  switch (file.slice(file.lastIndexOf(".") + 1)) {
    case "json":
      return { [file]: dataText(JSON.parse(text)) };
    case "jsonl":
      return {
        [file]: text
          .split("\n")
          .filter(Boolean)
          .map((line) => dataText(JSON.parse(line)))
          .join("\n"),
      };
    case "yaml":
      return { [file]: dataText(parse(text)) };
    case "csv":
      return { [file]: tableText(text) };
    case "html":
      return pageFacets(file, text);
    case "stdout":
      return { [file]: /^[[{]/.test(text) ? dataText(JSON.parse(text)) : numbersIn(text) };
    default:
      return { [file]: numbersIn(text) };
  }
}

/** The data that a page carries, the numbers that it shows, and those that it draws with. */
function pageFacets(file: string, html: string): Facets {
  const scripts = [...html.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)];
  const body = html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, "");
  const pictures = [...body.matchAll(/<svg\b[\s\S]*?<\/svg>/g)].map(([picture]) => picture);
  return {
    [`${file} data`]: scripts.map(([, json]) => dataText(JSON.parse(json!))).join("\n"),
    [`${file} numbers`]: numbersIn(body.replace(/<[^>]*>/g, " ")),
    [`${file} pictures`]: numbersIn(pictures.join("\n")),
  };
}

/** `added` is what the record does not know. */
export function dataText(value: unknown, added: ReadonlySet<unknown> = ADDED): string {
  return JSON.stringify(canonicalValue(value, added), null, 1);
}

function canonicalValue(value: unknown, added: ReadonlySet<unknown>): unknown {
  if (typeof value === "string") return canonicalString(value);
  // A place that was never filled is kept, as JSON keeps it.
  if (Array.isArray(value))
    return Array.from<unknown>(value)
      .filter((part) => !isAdded(part, added))
      .map((part) => canonicalValue(part, added));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(withoutAddedMeasures(value, added))
    .filter(([key, part]) => !added.has(key) && (!NOT_COMPARED.has(key) || typeof part === "object"))
    .map(([key, part]) => [oldName(key), canonicalValue(part, added)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A result whose replications say nothing of measures that the record does not know: they have them by their places. */
function withoutAddedMeasures(value: object, added: ReadonlySet<unknown>): object {
  const { estimates, replications } = value as { estimates?: unknown; replications?: unknown };
  if (!Array.isArray(estimates) || !Array.isArray(replications)) return value;
  const isKept = (_: unknown, place: number) => !isAdded(estimates[place], added);
  const kept = (values: unknown) => (Array.isArray(values) ? values.filter(isKept) : values);
  return {
    ...value,
    replications: replications.map((one) => ({
      ...one,
      values: kept(one.values),
      weights: kept(one.weights),
    })),
  };
}

/** A row of a list that is about something that the record does not know. */
function isAdded(part: unknown, added: ReadonlySet<unknown>): boolean {
  return (
    typeof part === "object" && part !== null && Object.values(part).some((one) => added.has(untagged(one)))
  );
}

/** The name of a metric without its tags. */
function untagged(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\{[^{}]*\}$/, "") : value;
}

function canonicalString(text: string): string {
  const isSentence = text.split(" ").length > SPACES_OF_A_SENTENCE;
  return isSentence ? `numbers ${numbersIn(text).replaceAll("\n", " ")}` : oldName(text);
}

/** A table with its columns in the order of their old names. */
function tableText(csv: string): string {
  const [header = [], ...rows] = csvParseRows(csv);
  const names = header.map((name) => oldName(name));
  const known = names.map((_, index) => index).filter((index) => !ADDED.has(names[index]!));
  const order = known.sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  const cell = (text: string) => (text === "" || Number.isFinite(Number(text)) ? text : oldName(text));
  const kept = rows.filter((row) => !row.some((text) => ADDED.has(untagged(text))));
  return [names, ...kept].map((row) => order.map((index) => cell(row[index] ?? "")).join(",")).join("\n");
}
