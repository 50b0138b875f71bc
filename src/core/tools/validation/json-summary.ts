// Values of a JSON document by their path, with a complaint for each that is missing or no number. Knows no tool.
import { Complaints } from "../../text/complaints.js";
import { shownJson } from "../../text/shown.js";

const MOST_ISSUES = 20;

export class JsonSummary {
  readonly #root: unknown;
  readonly #complaints: Complaints;
  /** Where in the file this document is, in messages: the path of a part, or "". */
  readonly #at: string;
  readonly #line: number;

  constructor(
    root: unknown,
    file: string,
    { line = 1, at = "", complaints = new Complaints(file, MOST_ISSUES) } = {},
  ) {
    this.#root = root;
    this.#at = at;
    this.#line = line;
    this.#complaints = complaints;
  }

  /** The value at a dotted path; undefined where there is none. */
  get(path: string): unknown {
    let value = this.#root;
    for (const key of path.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
    return value;
  }

  has(...paths: readonly string[]): boolean {
    return paths.every((path) => this.get(path) !== undefined);
  }

  text(path: string): string {
    const value = this.get(path);
    return typeof value === "string" ? value : "";
  }

  /** The number at the first of these paths that has one, null where none has; anything else is complained of. */
  maybe(...paths: readonly string[]): number | null {
    for (const path of paths) {
      const value = this.get(path);
      if (value === undefined || value === null) continue;
      if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
      this.complain(path, `is ${shownJson(value)}, but must be a number from 0 up`);
      return null;
    }
    return null;
  }

  /** A number above 0, which there must be. */
  need(...paths: readonly string[]): number {
    const isThere = paths.some((path) => this.get(path) !== undefined && this.get(path) !== null);
    const value = this.maybe(...paths);
    if (value !== null && value > 0) return value;
    if (value === 0) this.complain(paths[0]!, "is 0, but must be above 0");
    else if (!isThere) this.complain(paths[0]!, "is missing");
    return 1;
  }

  complain(path: string, message: string, hint?: string): void {
    this.#complaints.add(this.#line, 1, this.#at === "" ? path : `${this.#at}.${path}`, message, hint);
  }

  /** A part of the document, which complains to the same list. */
  part(path: string): JsonSummary {
    const at = this.#at === "" ? path : `${this.#at}.${path}`;
    const options = { line: this.#line, at, complaints: this.#complaints };
    return new JsonSummary(this.get(path), "", options);
  }

  /** Throws INVALID_TRACE with all that was complained of. */
  finish(): void {
    if (!this.#complaints.none) throw this.#complaints.error();
  }
}
