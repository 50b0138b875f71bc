// Traffic that moves from one model to another: from a time on, and over some time, a share of what asks for the one
// asks for the other. Each account moves once, at a moment of its own drawn from a stream of its name, so that neither
// the fleet nor another account changes when; who sends, when and how much is left as it is. Draws nothing of the mix.
import { assert } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { after, type Duration, type Instant, NEVER, START } from "../../base/units.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import type { AccountNames } from "./accounts.js";
import type { MixEntry } from "./mix.js";
import type { Arrival } from "./source.js";

type Address = Pick<MixEntry, "model" | "serviceTier">;

export interface MoveSpec {
  readonly from: Address;
  readonly to: Address;
  /** When the first move, from the start of the run, and how much later the last. */
  readonly at: Duration;
  readonly over: Duration;
  /** Of what asks for `from`: so much has moved in the end. */
  readonly share: number;
  /** What moves as a whole; where undefined an account, or a request where the source has a single account. */
  readonly by?: "account" | "request" | undefined;
}

/** What of a source's options says how it moves. */
export interface MovingOptions {
  readonly name: string;
  readonly accounts: { readonly count: number };
  readonly moves?: readonly MoveSpec[] | undefined;
}

/** So many can be told apart by the bits of a small integer. */
export const MOST_MOVES = 16;

/**
 * The moment of a move that is linear in share: at `at` + `over` x, `share` x of all have moved. Linear because that is
 * how a roll-out is planned, so much a day, and needs no parameter that nobody has measured; several moves one after
 * the other make any other curve. `uniform` is what is drawn for who moves.
 */
export function momentOf({ at, over, share }: MoveSpec, uniform: number): Instant {
  if (uniform >= share) return NEVER;
  return after(START, (at + Math.round(over * (uniform / share))) as Duration);
}

/** Undefined where nothing moves. */
export function createMoves(options: MovingOptions, seed: Seed, names: AccountNames): Moves | undefined {
  const { name, accounts, moves = [] } = options;
  if (moves.length === 0) return undefined;
  const usual = accounts.count === 1 ? "request" : "account";
  return new Moves(
    moves.map((move) => ({ ...move, by: move.by ?? usual })),
    (who) => openStream(seed, `traffic/${name}/moves/${who}`),
    (account) => names.nameOf(account),
  );
}

export class Moves {
  readonly #moves: readonly MoveSpec[];
  readonly #open: (who: string) => Stream;
  readonly #nameOf: (account: number) => string;
  readonly #byAccount: boolean;
  readonly #byRequest: boolean;
  /** By account, and in it by move: moments; not a number where not drawn yet. */
  #moments: Float64Array = new Float64Array(0);
  readonly #requests: Stream[] = [];

  constructor(
    moves: readonly MoveSpec[],
    open: (who: string) => Stream,
    nameOf: (account: number) => string,
  ) {
    assert(moves.length <= MOST_MOVES, `there are at most ${MOST_MOVES} moves`);
    this.#moves = moves;
    this.#open = open;
    this.#nameOf = nameOf;
    this.#byAccount = moves.some(({ by }) => by !== "request");
    this.#byRequest = moves.some(({ by }) => by === "request");
  }

  /**
   * Which moves a request of that account, or a session, that begins at `now` has made: a bit each. What moves by
   * request draws on the stream of its sender, whose requests or sessions come in the same order whatever happens:
   * senders are numbered, and are no accounts.
   */
  madeBy(account: number, now: Instant, sender: number): number {
    const moves = this.#moves;
    const first = account * moves.length;
    if (this.#byAccount && !(this.#moments[first]! >= 0)) this.#draw(account);
    const stream = this.#byRequest ? this.#streamOf(sender) : undefined;
    let made = 0;
    for (let index = 0; index < moves.length; index++) {
      const move = moves[index]!;
      const moment =
        move.by === "request" ? momentOf(move, stream!.uniform()) : this.#moments[first + index]!;
      if (moment <= now) made |= 1 << index;
    }
    return made;
  }

  /** Changes what a request asks for by the moves that are made, one after the other as they are listed. */
  readdress(arrival: Pick<Arrival, "model" | "serviceTier">, made: number): void {
    if (made === 0) return;
    const moves = this.#moves;
    for (let index = 0; index < moves.length; index++) {
      const { from, to } = moves[index]!;
      if ((made & (1 << index)) === 0) continue;
      if (arrival.model !== from.model || arrival.serviceTier !== from.serviceTier) continue;
      arrival.model = to.model;
      arrival.serviceTier = to.serviceTier;
    }
  }

  #draw(account: number): void {
    const moves = this.#moves;
    const first = account * moves.length;
    const least = first + moves.length;
    if (least > this.#moments.length) {
      const from = this.#moments.length;
      this.#moments = grown(this.#moments, Math.max(2 * from, least)).fill(Number.NaN, from);
    }
    const stream = this.#open(`account/${this.#nameOf(account)}`);
    // Drawn for every move, so that none shifts another's.
    for (let index = 0; index < moves.length; index++)
      this.#moments[first + index] = momentOf(moves[index]!, stream.uniform());
  }

  #streamOf(sender: number): Stream {
    this.#requests[sender] ??= this.#open(`requests/${sender + 1}`);
    return this.#requests[sender];
  }
}
