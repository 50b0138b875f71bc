// One record of a JSON trace: its values by key, and the strict readers of a value. It does not know which keys a
// format has.

import { entriesOf, type Member, membersOf, valueIn } from "../../../text/json-members.js";
import { shown } from "../../../text/shown.js";
import { readDate, type Timestamp, timestampProblem } from "../../../text/timestamp.js";
import { ExactBlocks, ExactIds } from "../exact-ids.js";
import type { ReadContext } from "../format.js";
import { microsOf, microsOfText, type TimeUnit, unitProblem, unitWord } from "../time-unit.js";
import { countProblem, MOST_TOKENS, outputProblem } from "./counts.js";

const QUOTE = 34;
const BACKSLASH = 92;

type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a text is; undefined for other JSON and for what is none. */
export function parseObject(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  return (parsed(text) ?? (hasPythonNumber(text) ? parsed(withoutPythonNumbers(text)) : undefined)) as
    | JsonObject
    | undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasPythonNumber(text: string): boolean {
  return text.includes("NaN") || text.includes("Infinity");
}

/** Without the numbers that Python writes and JSON does not have: NaN is null, infinity a number beyond all. */
function withoutPythonNumbers(text: string): string {
  let made = "";
  let from = 0;
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', from)) {
    const end = stringEnd(text, quote);
    made += text.slice(from, quote).replaceAll("NaN", "null").replaceAll("Infinity", "1e999");
    made += text.slice(quote, end);
    from = end;
  }
  return made + text.slice(from).replaceAll("NaN", "null").replaceAll("Infinity", "1e999");
}

/** Where the string that opens at a quote ends: behind its closing quote, or with the text. */
function stringEnd(text: string, quote: number): number {
  for (let index = quote + 1; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === BACKSLASH) index++;
    else if (unit === QUOTE) return index + 1;
  }
  return text.length;
}

/** Column, from 1, at which a key stands; 1 where it is missing or written with escapes. */
export function keyColumn(text: string, key: string): number {
  const quoted = JSON.stringify(key);
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    let behind = at + quoted.length;
    while (text.charCodeAt(behind) <= 32) behind++;
    if (text[behind] === ":") return at + 1;
  }
  return 1;
}

/** Reads one object after the other. One of these serves a whole file. */
export class JsonLine {
  readonly #context: Pick<ReadContext, "complain" | "ignored" | "unit">;
  readonly #ids = new Map<string, ExactIds>();
  readonly #blocks = new ExactBlocks();
  /** Keys that the format has asked for, in this record or in one before it. */
  readonly #asked = new Set<string>();
  #text = "";
  #object: JsonObject = {};
  #members: readonly Member[] | undefined;
  #good = true;

  constructor(context: Pick<ReadContext, "complain" | "ignored" | "unit">) {
    this.#context = context;
  }

  /** False once a value of the record at hand was refused. */
  get good(): boolean {
    return this.#good;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#object);
  }

  /** Parses a record; complains and returns false when it is no JSON object. */
  open(text: string): boolean {
    const object = parseObject(text);
    this.#text = text;
    this.#members = undefined;
    this.#good = object !== undefined;
    this.#object = object ?? {};
    if (object === undefined) this.#context.complain(1, "", `${shown(text)} is not a JSON object`);
    return this.#good;
  }

  /** Counts what the record says and nobody has asked for. To be called once it was read. */
  tellUnread(): void {
    for (const key of Object.keys(this.#object)) {
      if (!this.#asked.has(key) && isSaid(this.#object[key])) this.#context.ignored(key);
    }
  }

  has(key: string): boolean {
    this.#asked.add(key);
    return Object.hasOwn(this.#object, key);
  }

  value(key: string): unknown {
    this.#asked.add(key);
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  /** True where the key is absent or null. */
  isUnsaid(key: string): boolean {
    const value = this.value(key);
    return value === undefined || value === null;
  }

  /** A token count of at least `least`, or -1 after a complaint. */
  count(key: string, least: 0 | 1): number {
    return this.#count(key, least, countProblem);
  }

  /** A count of output tokens of at least `least`, or -1 after a complaint. */
  outputCount(key: string, least: 0 | 1): number {
    return this.#count(key, least, outputProblem);
  }

  /** Text; "" where it is absent or null. Complains of anything else. */
  name(key: string): string {
    const value = this.value(key) ?? "";
    if (typeof value === "string") return value;
    this.reject(key, "must be text in quotes");
    return "";
  }

  /** A name that some writers give as text and some as a number; "" where it is absent or null. */
  id(key: string): string {
    return this.idOf(key, key);
  }

  /** The same of an id among those of another key: one that names what the other names. */
  idOf(key: string, among: string): string {
    const value = this.value(key) ?? "";
    if (value === "") return "";
    const ids = this.#ids.get(among) ?? new ExactIds();
    this.#ids.set(among, ids);
    const name = ids.nameOf(value, () => this.#literal(key));
    if (name !== undefined) return name;
    this.reject(key, "must be text or a number");
    return "";
  }

  /** A number from 0 up, or -1: silently where it is absent or null, else after a complaint. */
  amount(key: string): number {
    const value = this.value(key);
    if (value === undefined || value === null) return -1;
    if (typeof value === "number" && value >= 0) return value;
    this.reject(
      key,
      typeof value === "number" ? `is ${value}, but must not be negative` : "must be a number",
    );
    return -1;
  }

  /** Microseconds of a length of time in the unit of the file's times; -1 as for `amount`. */
  micros(key: string, unit: TimeUnit): number {
    const amount = this.amount(key);
    return amount < 0 ? -1 : microsOf(amount, this.#context.unit ?? unit);
  }

  /** A timestamp written as a number: of milliseconds, where nobody says otherwise. */
  millis(key: string, into: Timestamp): boolean {
    return this.time(key, into, { unit: "ms" });
  }

  /** A timestamp written as a number of seconds, or as text where `quoted` is true. */
  seconds(key: string, into: Timestamp, quoted: boolean): boolean {
    return this.time(key, into, { unit: "s", quoted });
  }

  /** A timestamp written as a number, or as text with a number or a date in it where that is allowed. */
  time(key: string, into: Timestamp, { unit: usual, quoted = false, dated = false }: TimeForms): boolean {
    const value = this.value(key);
    const unit = this.#context.unit ?? usual;
    const isText = typeof value === "string";
    let micros = Number.NaN;
    if (typeof value === "number")
      micros =
        Number.isSafeInteger(value) || unit !== "ns"
          ? microsOf(value, unit)
          : microsOfText(this.#literal(key), unit);
    else if (isText && quoted) micros = microsOfText(value, unit);
    if (isText && dated && readDate(value, value.length, into)) return true;
    if (!Number.isNaN(micros)) {
      into.micros = micros;
      into.clock = "seconds";
      return true;
    }
    this.#rejectTime(key, value, unit, { quoted, dated });
    return false;
  }

  /** Block ids; undefined where the key is absent or null, and where an entry is no id. */
  blocks(key: string): readonly number[] | undefined {
    return this.#blocks.read(this.value(key), () => entriesOf(this.#literal(key)));
  }

  reject(key: string, message: string, hint?: string): void {
    this.#good = false;
    this.#context.complain(keyColumn(this.#text, key), key, message, hint);
  }

  #rejectTime(key: string, value: unknown, unit: TimeUnit, { quoted, dated }: Omit<TimeForms, "unit">): void {
    const word = unitWord(unit);
    const hint = "name the unit of the times: unit: s, ms, us or ns";
    if (value === undefined) this.reject(key, "is missing");
    else if (typeof value === "number")
      this.reject(key, `is ${value}, but ${unitProblem(unit)}`, value > 0 ? hint : undefined);
    else if (typeof value === "string" && (quoted || dated))
      this.reject(key, timestampProblem(value, quoted === true));
    else if (dated) this.reject(key, `must be a number of ${word} or a date in quotes`);
    else this.reject(key, `must be a number of ${word}, without quotes`);
  }

  /** A value as it stands in the file. */
  #literal(key: string): string {
    this.#members ??= membersOf(this.#text);
    return valueIn(this.#members, key);
  }

  #count(key: string, least: number, problemOf: (value: string) => string): number {
    const value = this.value(key);
    const isCount = typeof value === "number" && Number.isInteger(value);
    if (isCount && value >= least && value <= MOST_TOKENS) return value;
    if (value === undefined) this.reject(key, "is missing");
    else if (typeof value !== "number") this.reject(key, "must be a number, without quotes");
    else this.reject(key, problemOf(String(value)));
    return -1;
  }
}

interface TimeForms {
  readonly unit: TimeUnit;
  readonly quoted?: boolean;
  readonly dated?: boolean;
}

/** Whether a value says anything. */
function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Counts what an object says, or a list by its places, that is not among what is read of it. */
export function tellUnread(
  object: JsonObject,
  known: ReadonlySet<string>,
  path: string,
  ignored: ReadContext["ignored"],
): void {
  for (const key of Object.keys(object)) {
    if (!known.has(key) && isSaid(object[key])) ignored(path.endsWith("[") ? `${path}${key}]` : path + key);
  }
}

export function isBlockList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((id) => Number.isSafeInteger(id));
}
