// What the rows of a trace say, in counts of rows: it decides how they are written, and what of them a format loses.
// Knows rows, not formats.
import type { TraceRow } from "./row.js";

export class Contents {
  rows = 0;
  account = 0;
  session = 0;
  model = 0;
  tier = 0;
  agent = 0;
  cached = 0;
  think = 0;
  ended = 0;
  firstToken = 0;
  outcome = 0;
  blocks = 0;
  kind = 0;
  noOutput = 0;
  /** Rows with blocks by the tokens of one. */
  readonly #blocksOf = new Map<number, number>();

  add(row: TraceRow): void {
    this.rows++;
    if (row.account !== "") this.account++;
    if (row.session !== "") this.session++;
    if (row.model !== "") this.model++;
    if (row.tier !== "") this.tier++;
    if (row.agent !== "") this.agent++;
    if (row.cachedTokens !== undefined) this.cached++;
    if (row.thinkTime !== undefined) this.think++;
    if (row.endedAt !== undefined) this.ended++;
    if (row.firstTokenAt !== undefined) this.firstToken++;
    if (row.outcome !== "") this.outcome++;
    if (row.blocks !== undefined) {
      this.blocks++;
      this.#blocksOf.set(row.blockTokens, this.blocksOf(row.blockTokens) + 1);
    }
    if (row.kind !== "") this.kind++;
    if (row.outputTokens === 0) this.noOutput++;
  }

  /** Rows whose blocks are of so many tokens. */
  blocksOf(tokens: number): number {
    return this.#blocksOf.get(tokens) ?? 0;
  }
}

/** A part of what rows say, in words, with the number of rows that say it. */
export type Loss = readonly [rows: number, what: string];

/** The words of those parts that any row says. */
export function lostWords(losses: readonly Loss[]): string[] {
  return losses.filter(([rows]) => rows > 0).map(([, what]) => what);
}

/** What no format that is written can say of what was recorded. */
export function recordedLosses({ firstToken, outcome }: Contents): readonly Loss[] {
  return [
    [firstToken, "when first tokens came"],
    [outcome, "how requests ended"],
  ];
}

/** What formats without sub-agents lose of them. */
export const LOST_WAITING =
  "that the main thread waits for its sub-agents, which are written as sessions of their own";
