// Whom the requests of a replayed trace are from and what path they take, where the trace does not say: drawn from the
// scenario, on streams of their own. Knows rows one by one, and no time.
import { AliasTable } from "../../../random/alias-table.js";
import { openStream, type Seed, type Stream } from "../../../random/stream.js";
import { zipfWeights } from "../../../random/zipf.js";
import type { TraceRow } from "../../trace/row.js";
import type { AccountNames } from "../accounts.js";
import { Mix, type MixEntry } from "../mix.js";
import { createMoves, type Moves, type MovingOptions } from "../moves.js";

export interface TraceCallersOptions extends MovingOptions {
  readonly accounts: { readonly count: number; readonly skew: number };
  readonly mix: readonly MixEntry[];
}

export class TraceCallers {
  /** Undefined where nothing moves. */
  readonly moves: Moves | undefined;
  readonly #name: string;
  readonly #names: AccountNames;
  readonly #accounts: AliasTable;
  readonly #accountStream: Stream;
  readonly #mix: Mix;
  readonly #mixStream: Stream;

  constructor(options: TraceCallersOptions, seed: Seed, names: AccountNames) {
    const { name, accounts, mix } = options;
    this.moves = createMoves(options, seed, names);
    this.#name = name;
    this.#names = names;
    this.#accounts = new AliasTable(zipfWeights(accounts.count, accounts.skew));
    this.#accountStream = openStream(seed, `traffic/${name}/accounts`);
    this.#mixStream = openStream(seed, `traffic/${name}/mix`);
    this.#mix = new Mix(mix, this.#mixStream);
  }

  /** Drawn for every row, needed or not, so that a column more or less in the trace shifts no other draw. */
  accountOf({ account }: TraceRow): number {
    const rank = this.#accounts.pick(this.#accountStream);
    return this.#names.indexOf(account === "" ? `${this.#name}-${rank + 1}` : account);
  }

  /** Likewise. */
  drawEntry(): MixEntry {
    return this.#mix.pick(this.#mixStream);
  }
}
