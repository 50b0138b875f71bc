// Replays a recorded trace, open loop: arrivals at the recorded times with the recorded lengths. What the trace does
// not say - account, tier - is drawn from the scenario on streams of its own. Reads row by row and keeps none.
// Windows, samples, other rates and repetitions are made of the rows before they come here: see trace/transform.ts.

import { NONE } from "../../../base/none.js";
import { type Instant, NEVER } from "../../../base/units.js";
import type { Seed } from "../../../random/stream.js";
import type { TraceRow } from "../../trace/row.js";
import { limited } from "../../trace/transform.js";
import type { AccountNames } from "../accounts.js";
import type { Contexts } from "../contexts.js";
import { Cuts } from "../lengths.js";
import type { MixEntry } from "../mix.js";
import type { Arrival, Source, SourceReading } from "../source.js";
import { RowContexts } from "./row-contexts.js";
import { TraceCallers, type TraceCallersOptions } from "./trace-callers.js";

/** Model id and service tier of each path, by its name: what a trace's `tier` column means. */
export type PathsByTier = ReadonlyMap<string, { readonly model: string; readonly serviceTier?: string }>;

export interface TraceReplayOptions extends TraceCallersOptions {
  /** Share of a prompt that is cached already, where the trace does not say. */
  readonly cached: number;
  readonly maxOutput: number;
  readonly paths: PathsByTier;
  /** Rows to replay; undefined for all. */
  readonly limit: number | undefined;
  /** How the rows are read. */
  readonly reading?: SourceReading | undefined;
}

export class TraceReplay implements Source {
  readonly name: string;
  readonly reading: SourceReading | undefined;
  readonly cuts: Cuts = new Cuts();
  nextAt: Instant = NEVER;
  readonly #options: TraceReplayOptions;
  readonly #rows: Iterator<TraceRow>;
  readonly #callers: TraceCallers;
  readonly #contexts: RowContexts;
  #row: TraceRow | undefined;

  /** Throws INVALID_TRACE when the first rows are bad; later ones throw from `take`. */
  constructor(
    options: TraceReplayOptions,
    rows: Iterable<TraceRow>,
    seed: Seed,
    names: AccountNames,
    contexts: Contexts,
  ) {
    this.name = options.name;
    this.reading = options.reading;
    this.#options = options;
    this.#rows = (options.limit === undefined ? rows : limited(rows, options.limit))[Symbol.iterator]();
    this.#callers = new TraceCallers(options, seed, names);
    this.#contexts = new RowContexts(contexts);
    this.#advance();
  }

  take(arrival: Arrival): void {
    const row = this.#row!;
    describeRow(row, this.#callers.drawEntry(), this.#options, arrival, this.cuts);
    arrival.account = this.#callers.accountOf(row);
    const { moves } = this.#callers;
    moves?.readdress(arrival, moves.madeBy(arrival.account, row.at, 0));
    arrival.ticket = NONE;
    this.#contexts.place(row, arrival);
    this.#advance();
  }

  #advance(): void {
    const next = this.#rows.next();
    this.#row = next.done === true ? undefined : next.value;
    this.nextAt = this.#row?.at ?? NEVER;
  }
}

type Described = "model" | "serviceTier" | "inputTokens" | "cachedTokens" | "outputTokens" | "maxTokens";

/**
 * Lengths, model and tier of a request. What a row says goes before what was drawn: its tier is a path of the scenario,
 * its model any id, right or wrong, which the router answers. A row with a model and no tier asks for that model's
 * default.
 */
export function describeRow(
  row: TraceRow,
  drawn: MixEntry,
  { cached, maxOutput, paths }: Pick<TraceReplayOptions, "cached" | "maxOutput" | "paths">,
  arrival: Pick<Arrival, Described>,
  cuts: Cuts,
): void {
  const path = paths.get(row.tier);
  const named = path ?? (row.model === "" ? drawn : undefined);
  arrival.serviceTier = named?.serviceTier;
  arrival.model = row.model !== "" ? row.model : named!.model;
  arrival.inputTokens = row.inputTokens;
  arrival.cachedTokens = row.cachedTokens ?? Math.floor(row.inputTokens * cached);
  arrival.outputTokens = cuts.output(row.outputTokens, maxOutput);
  arrival.maxTokens = maxOutput;
}
