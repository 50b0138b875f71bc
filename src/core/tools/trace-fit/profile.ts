// The statistics of a trace, row by row: rate and burstiness, lengths, what a prefix cache could save, accounts,
// and, in session-profile.ts, sessions. Knows rows, not their format. Memory grows with the different sessions,
// accounts and blocks, not with the rows.
import { type Instant, START, seconds, toSeconds } from "../../base/units.js";
import type { TraceRow } from "../../demand/trace/row.js";
import { InfiniteBlockCache } from "../../demand/trace/statistics.js";
import { CountingStatistics } from "../../stats/counting.js";
import { TimeBins } from "./bins.js";
import { Measure, type Quantiles } from "./measure.js";
import { SessionProfile } from "./session-profile.js";

/** Seconds of the windows in which arrivals are counted. */
const WINDOWS = [1, 10, 60, 300] as const;
/** Clocks that tick less often than this are quantised, in microseconds. */
const COARSE = 1_000_000;
/** Windows of fewer ticks say more about the clock than about the traffic. */
const LEAST_TICKS = 3;
/** Less than this share of a session's context, of at least so many tokens, was lost and not rounded to blocks. */
const BUSTED = 0.9;
const LEAST_CONTEXT = 4000;

export interface Burstiness {
  /** Seconds. */
  readonly window: number;
  readonly windows: number;
  /** Null where the windows are too few, or shorter than a few ticks of the clock. */
  readonly idc: number | null;
  readonly eta: number | null;
}

export interface TraceStatistics {
  readonly rows: number;
  readonly sessions: number;
  readonly accounts: number;
  readonly subAgents: number;
  /** Seconds from the first row to the last. */
  readonly span: number;
  readonly rate: number | null;
  /** Seconds between ticks of the trace's clock, where they are coarse; null otherwise. */
  readonly quantum: number | null;
  readonly gapCv: number | null;
  readonly burstiness: readonly Burstiness[];
  readonly input: Quantiles;
  readonly output: Quantiles;
  /** Prompt tokens that a prefix cache without bounds would not find. */
  readonly uncached: Quantiles;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Input over output tokens. */
  readonly inOutRatio: number | null;
  readonly prefix: {
    /** What tells of common beginnings; the most telling that any row has. */
    readonly by: "stated" | "blocks" | "sessions" | "nothing";
    /** Share of all prompt tokens. */
    readonly tokenHit: number | null;
    /** Share of all blocks. */
    readonly blockHit: number | null;
  };
  readonly requestsPerSession: Quantiles;
  readonly turns: Quantiles;
  readonly requestsPerTurn: Quantiles;
  readonly growth: Quantiles;
  readonly toolGap: Quantiles;
  readonly humanGap: Quantiles;
  readonly otherGap: Quantiles;
  /** Shares of the requests; null without accounts. */
  readonly skew: {
    readonly top1: number;
    readonly top5: number;
    readonly top10: number;
    readonly hhi: number;
  } | null;
}

export class TraceProfile {
  readonly input = new Measure(1, 64);
  readonly output = new Measure(1, 2);
  readonly uncached = new Measure(1, 64);
  readonly sessions = new SessionProfile();
  readonly overTime = new TimeBins();
  /** Requests that found less than their session had, where the trace tells what was found. */
  busts = 0;
  readonly #arrivals = new CountingStatistics(WINDOWS.map(seconds));
  readonly #blocks = new InfiniteBlockCache();
  readonly #accounts = new Map<string, number>();
  #by: TraceStatistics["prefix"]["by"] = "nothing";
  #hitTokens = 0;
  #tick = 0;
  #last: Instant = START;

  add(row: TraceRow): void {
    this.#arrivals.arrived(row.at);
    this.#last = row.at;
    this.#tick = greatestDivisor(this.#tick, row.at);
    this.overTime.add(row.at);
    this.input.add(row.inputTokens);
    this.output.add(row.outputTokens);
    const ofSession = row.session === "" ? 0 : this.sessions.add(row);
    const hit = Math.min(row.inputTokens, this.#hit(row, ofSession));
    this.#hitTokens += hit;
    if (this.#by !== "sessions" && ofSession >= LEAST_CONTEXT && hit < BUSTED * ofSession) this.busts++;
    this.uncached.add(row.inputTokens - hit);
    if (row.account !== "") this.#accounts.set(row.account, (this.#accounts.get(row.account) ?? 0) + 1);
  }

  /** Requests of each account, the largest first. */
  get accountCounts(): readonly number[] {
    return [...this.#accounts.values()].sort((one, other) => other - one);
  }

  /** Closes the profile: no row comes after. To be called once. */
  close(): TraceStatistics {
    const arrivals = this.#arrivals;
    arrivals.close(this.#last);
    this.sessions.close();
    const { sessions } = this;
    const isCoarse = this.#tick >= COARSE;
    const inputTokens = this.input.sketch.sum;
    const outputTokens = this.output.sketch.sum;
    return {
      rows: arrivals.count,
      sessions: sessions.count,
      accounts: this.#accounts.size,
      subAgents: sessions.agents,
      span: toSeconds(this.#last),
      rate: this.#last > 0 ? arrivals.rate : null,
      quantum: isCoarse ? this.#tick / 1e6 : null,
      gapCv: isCoarse ? null : known(arrivals.gapCv),
      burstiness: WINDOWS.map((window, index) => {
        const tells = !isCoarse || window * 1e6 >= LEAST_TICKS * this.#tick;
        const told = (value: number) => (tells ? known(value) : null);
        const windows = arrivals.windows(index);
        return { window, windows, idc: told(arrivals.idc(index)), eta: told(arrivals.eta(index)) };
      }),
      input: this.input.quantiles,
      output: this.output.quantiles,
      uncached: this.uncached.quantiles,
      inputTokens,
      outputTokens,
      inOutRatio: outputTokens > 0 ? inputTokens / outputTokens : null,
      prefix: {
        by: this.#by,
        tokenHit: this.#by === "nothing" ? null : this.#hitTokens / inputTokens,
        blockHit: this.#blocks.hitRate ?? null,
      },
      requestsPerSession: sessions.requests.quantiles,
      turns: sessions.turns.quantiles,
      requestsPerTurn: sessions.requestsPerTurn.quantiles,
      growth: sessions.growth.quantiles,
      toolGap: sessions.toolGap.quantiles,
      humanGap: sessions.humanGap.quantiles,
      otherGap: sessions.otherGap.quantiles,
      skew: skewOf(this.accountCounts, arrivals.count),
    };
  }

  #hit(row: TraceRow, ofSession: number): number {
    if (row.cachedTokens !== undefined) {
      this.#by = "stated";
      return row.cachedTokens;
    }
    if (row.blocks !== undefined) {
      if (this.#by !== "stated") this.#by = "blocks";
      return this.#blocks.add(row.blocks) * row.blockTokens;
    }
    if (row.session !== "" && this.#by === "nothing") this.#by = "sessions";
    return ofSession;
  }
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** 0 is divided by everything. */
function greatestDivisor(one: number, other: number): number {
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function skewOf(counts: readonly number[], rows: number): TraceStatistics["skew"] {
  if (counts.length === 0) return null;
  const top = (most: number) => counts.slice(0, most).reduce((sum, count) => sum + count, 0) / rows;
  const hhi = counts.reduce((sum, count) => sum + (count / rows) ** 2, 0);
  return { top1: top(1), top5: top(5), top10: top(10), hhi };
}
