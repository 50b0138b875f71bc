// What reading the traces of a run did to them, by source, and in words: every command and page says the same. Knows
// neither files nor formats.
import * as z from "zod";
import { FINDING_KINDS, type Finding } from "../../base/finding.js";

/** How the trace of one source was read, as far as the run has read it. */
export interface Reading {
  readonly source: string;
  /** As the scenario names the file. */
  readonly file: string;
  readonly format: string;
  /** Requests that the file tells of, and those of them that were handed on. */
  readonly rowsRead: number;
  readonly rowsYielded: number;
  readonly findings: readonly Finding[];
}

export const READING_SCHEMA = z.looseObject({
  source: z.string(),
  file: z.string().describe("as the scenario names it"),
  format: z.string(),
  rowsRead: z.number().describe("requests that the file tells of, as far as the run has read it"),
  rowsYielded: z.number().describe("those of them that were handed on"),
  findings: z.array(
    z.looseObject({
      kind: z.enum(FINDING_KINDS),
      what: z.string().describe("what it was done to; of the ignored the field"),
      why: z.string().optional(),
      count: z.number().nullable().describe("how often it was met; null for what is of the file as a whole"),
      line: z.number().nullable().describe("the first line that it was met on"),
    }),
  ),
});

/** Fields that are named in a sentence. */
const MOST_NAMES = 12;

/** One thing that reading did, with how often and where first. */
export function findingText({ what, why, count, line }: Finding): string {
  const times = count === null ? "" : `${count} `;
  const first = line === null ? "" : ` (${count === 1 ? "on" : "first on"} line ${line})`;
  return why === undefined ? `${times}${what}${first}` : `${what}${inRows(count)}: ${why}`;
}

function inRows(count: number | null): string {
  return count === null ? "" : ` in ${count} row${count === 1 ? "" : "s"}`;
}

/** What reading did, a sentence for each kind of it; of ignored fields the names alone. */
export function readingTexts({ source, file, findings, rowsYielded }: Reading): string[] {
  return FINDING_KINDS.flatMap((kind) => {
    const all = findings.filter((one) => one.kind === kind);
    if (all.length === 0) return [];
    const start = `${source} reads ${file}, ${kind}: `;
    if (kind === "ignored")
      return [start + names(all.map((one) => (one.why === undefined ? findingText(one) : one.what)))];
    if (kind !== "unserved") return [start + all.map(findingText).join("; ")];
    return all.map((one) => {
      const most = Math.max(one.count ?? 0, rowsYielded);
      const first = one.line === null ? "" : `; the first is on line ${one.line}`;
      return `${start}${one.count} of ${most} ${one.what}${first}`;
    });
  });
}

function names(all: readonly string[]): string {
  const more = all.length - MOST_NAMES;
  return more > 0 ? `${all.slice(0, MOST_NAMES).join(", ")} and ${more} more` : all.join(", ");
}
