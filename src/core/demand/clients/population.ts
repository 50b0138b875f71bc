// Which client an account uses where a source's callers use different ones: shares of them, and one draw per account
// from a stream of its name. So an account keeps its client whatever else is simulated, in whatever order accounts are
// met, and another source's account of the same name draws on its own.
import { SurgefleetError } from "../../base/errors.js";
import { grown } from "../../base/grown.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { Client } from "./client.js";

export interface ClientShare {
  readonly client: Client;
  /** Of the accounts, relative to the other shares; at least 0. */
  readonly share: number;
}

const UNDRAWN = 0;

export class ClientPopulation {
  /** All of them, in the order given. */
  readonly clients: readonly Client[];
  readonly #cumulative: readonly number[];
  readonly #total: number;
  readonly #seed: Seed;
  readonly #source: string;
  readonly #nameOf: (caller: number) => string;
  /** Per account: its client's position plus 1. */
  #drawn: Uint16Array = new Uint16Array(0);

  constructor(
    shares: readonly ClientShare[],
    seed: Seed,
    source: string,
    nameOf: (caller: number) => string,
  ) {
    let total = 0;
    this.#cumulative = shares.map(({ share }) => {
      total += share;
      return total;
    });
    if (!(total > 0 && total < Number.POSITIVE_INFINITY) || shares.some(({ share }) => !(share >= 0))) {
      throw new SurgefleetError(
        "INVALID_PARAMETER",
        "shares of clients are numbers from 0 up, and not all 0",
      );
    }
    this.clients = shares.map(({ client }) => client);
    this.#total = total;
    this.#seed = seed;
    this.#source = source;
    this.#nameOf = nameOf;
  }

  of(caller: number): Client {
    return this.clients[this.indexOf(caller)]!;
  }

  /** Which of `clients` an account uses. */
  indexOf(caller: number): number {
    if (this.clients.length === 1) return 0;
    if (caller >= this.#drawn.length) this.#grow(caller);
    let drawn = this.#drawn[caller]!;
    if (drawn === UNDRAWN) {
      drawn = this.#draw(caller) + 1;
      this.#drawn[caller] = drawn;
    }
    return drawn - 1;
  }

  #draw(caller: number): number {
    const stream = openStream(this.#seed, `clients/${this.#source}/${this.#nameOf(caller)}`);
    const point = stream.uniform() * this.#total;
    const index = this.#cumulative.findIndex((end) => point < end);
    // The product may round up to the total; a share of 0 at the end is still not drawn.
    return index >= 0 ? index : this.#cumulative.indexOf(this.#total);
  }

  #grow(caller: number): void {
    this.#drawn = grown(this.#drawn, Math.max(2 * this.#drawn.length, caller + 1));
  }
}
