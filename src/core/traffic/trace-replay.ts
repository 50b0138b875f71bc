// Replays a recorded trace, open loop: arrivals at the recorded times with the recorded lengths. What the trace does
// not say - account, tier - is drawn from the scenario on streams of its own. Reads row by row and keeps none.
import { type Instant, NEVER } from "../base/units.js";
import { AliasTable } from "../random/alias-table.js";
import { openStream, type Stream } from "../random/stream.js";
import { zipfWeights } from "../random/zipf.js";
import { NONE } from "../replica/replica.js";
import type { AccountNames } from "./accounts.js";
import { type Contexts, NamedSessions } from "./contexts.js";
import { cutTokens } from "./lengths.js";
import { Mix, type MixEntry } from "./mix.js";
import type { Arrival, Source } from "./source.js";
import type { TraceRow } from "./trace/row.js";

export interface TraceReplayOptions {
  readonly name: string;
  readonly accounts: { readonly count: number; readonly skew: number };
  /** Share of a prompt that is cached already, where the trace does not say. */
  readonly cached: number;
  readonly maxOutput: number;
  readonly mix: readonly MixEntry[];
  /** Model id and service tier of each path, by its name: what a trace's `tier` column means. */
  readonly paths: ReadonlyMap<string, { readonly model: string; readonly serviceTier?: string }>;
  /** Rows to replay; undefined for all. */
  readonly limit: number | undefined;
}

export class TraceReplay implements Source {
  readonly name: string;
  nextAt: Instant = NEVER;
  readonly #options: TraceReplayOptions;
  readonly #rows: Iterator<TraceRow>;
  readonly #names: AccountNames;
  readonly #sessions: NamedSessions;
  readonly #accounts: AliasTable;
  readonly #accountStream: Stream;
  readonly #mix: Mix;
  #row: TraceRow | undefined;
  #taken = 0;

  /** Throws INVALID_TRACE when the first rows are bad; later ones throw from `take`. */
  constructor(
    options: TraceReplayOptions,
    rows: Iterable<TraceRow>,
    seed: string,
    names: AccountNames,
    contexts: Contexts,
  ) {
    const stream = (purpose: string) => openStream(seed, `traffic/${options.name}/${purpose}`);
    this.name = options.name;
    this.#options = options;
    this.#rows = rows[Symbol.iterator]();
    this.#names = names;
    this.#sessions = new NamedSessions(contexts);
    this.#accounts = new AliasTable(zipfWeights(options.accounts.count, options.accounts.skew));
    this.#accountStream = stream("accounts");
    this.#mix = new Mix(options.mix, stream("mix"));
    this.#advance();
  }

  take(arrival: Arrival): void {
    const { cached, maxOutput } = this.#options;
    const row = this.#row!;
    // Drawn for every row, so that a column more or less in the trace shifts nobody else's draw.
    const rank = this.#accounts.pick(this.#accountStream);
    this.#mix.draw(arrival);
    arrival.account = this.#names.indexOf(row.account === "" ? `${this.name}-${rank + 1}` : row.account);
    arrival.inputTokens = row.inputTokens;
    arrival.cachedTokens = row.cachedTokens ?? Math.floor(row.inputTokens * cached);
    arrival.outputTokens = cutTokens(row.outputTokens, maxOutput);
    arrival.maxTokens = maxOutput;
    this.#override(arrival, row);
    this.#goOn(arrival, row);
    this.#advance();
  }

  /** Sessions find their context in a prefix cache, except where the trace itself says how much was cached. */
  #goOn(arrival: Arrival, row: TraceRow): void {
    arrival.prefix = NONE;
    arrival.prefixTokens = 0;
    arrival.session = NONE;
    arrival.sharedTokens = 0;
    if (row.session === "" || row.cachedTokens !== undefined) return;
    this.#sessions.next(row.session, row.inputTokens, row.outputTokens);
    arrival.session = this.#sessions.session;
    arrival.sharedTokens = this.#sessions.sharedTokens;
  }

  /**
   * What a row says goes before what was drawn: its tier is a path of the scenario, its model any id, right or wrong,
   * which the router answers. A row with a model and no tier asks for that model's default.
   */
  #override(arrival: Arrival, row: TraceRow): void {
    const path = this.#options.paths.get(row.tier);
    if (path !== undefined) arrival.model = path.model;
    if (path !== undefined || row.model !== "") arrival.serviceTier = path?.serviceTier;
    if (row.model !== "") arrival.model = row.model;
  }

  #advance(): void {
    const { limit } = this.#options;
    if (limit !== undefined && this.#taken >= limit) {
      this.#rows.return?.();
      this.nextAt = NEVER;
      return;
    }
    const next = this.#rows.next();
    this.#row = next.done === true ? undefined : next.value;
    this.nextAt = this.#row?.at ?? NEVER;
    this.#taken++;
  }
}
