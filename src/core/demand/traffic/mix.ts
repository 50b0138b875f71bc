// Which path callers ask for, by share.
import { AliasTable } from "../../random/alias-table.js";
import type { Stream } from "../../random/stream.js";
import type { Arrival } from "./source.js";

export interface MixEntry {
  readonly model: string;
  readonly serviceTier?: string;
  readonly share: number;
}

export class Mix {
  readonly #entries: readonly MixEntry[];
  readonly #shares: AliasTable;
  readonly #stream: Stream;

  constructor(entries: readonly MixEntry[], stream: Stream) {
    this.#entries = entries;
    this.#shares = new AliasTable(entries.map((entry) => entry.share));
    this.#stream = stream;
  }

  /** An entry by share, from any stream. */
  pick(stream: Stream): MixEntry {
    return this.#entries[this.#shares.pick(stream)]!;
  }

  draw(arrival: Arrival): void {
    const entry = this.pick(this.#stream);
    arrival.model = entry.model;
    arrival.serviceTier = entry.serviceTier;
  }
}
