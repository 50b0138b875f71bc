// What a router believes of the caches of replicas: what it has sent there begins to be cached there, until it has sent
// so much else that the memory of the replica must have let go of it. This is the approximate index of SGLang's router
// and of llm-d's prefix scorer; they, too, know prompts and not what engines really keep, learn nothing of what was
// refused or cut, and bound what they believe of a replica. The other way is a stream of events from the engines, which
// is never wrong for long, and which most fleets do not have.
//
// Knows beginnings by number: the context of a session, and the prefix of an application. Bounded: of two beginnings
// that fall on one place the last counts, and of one beginning it names at most HOLDERS replicas.
import { NONE } from "../../../base/none.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { CLOSED, type LoadIndex, NOWHERE } from "../load-index.js";
import type { ReplicaFacts } from "./rule.js";

/** Beginnings whose holders are named, a power of two: a row of eight numbers each, 2 MiB in all. */
const BEGINNINGS = 2 ** 16;
const ROW_SHIFT = 3;
export const HOLDERS = 2 ** ROW_SHIFT - 1;
/** Beginnings in replicas, a power of two: 24 bytes each. */
const PAIRS = 2 ** 17;

export class PrefixIndex {
  readonly #replicas: readonly ReplicaFacts[];
  readonly #loads: LoadIndex;
  /** A row for each place: the beginning, and replicas that hold it. */
  readonly #rows = new Int32Array(BEGINNINGS << ROW_SHIFT).fill(NONE);
  /** By place of a pair: the beginning, the replica, how long it was, and how much had been sent there by then. */
  readonly #beginnings = new Int32Array(PAIRS).fill(NONE);
  readonly #leaves = new Int32Array(PAIRS);
  readonly #lengths = new Float64Array(PAIRS);
  readonly #marks = new Float64Array(PAIRS);
  /** By leaf: tokens that were sent there beyond what was held; how many of them are gone with a former replica. */
  readonly #sent: number[] = [];
  readonly #lost: number[] = [];

  constructor(replicas: readonly ReplicaFacts[], loads: LoadIndex) {
    this.#replicas = replicas;
    this.#loads = loads;
  }

  /** Tokens of a prompt that a replica is believed to hold. */
  held({ session, sharedTokens, prefix, prefixTokens }: StatedPrompt, leaf: number): number {
    const ofSession = session === NONE ? 0 : Math.min(sharedTokens, this.#lengthOf(ofContext(session), leaf));
    const ofPrefix =
      prefix === NONE ? 0 : Math.min(prefixTokens, this.#lengthOf(ofApplication(prefix), leaf));
    return Math.max(ofSession, ofPrefix);
  }

  /** The replicas that hold the context of a session, by place, from 0 to HOLDERS - 1; NOWHERE where there is none. */
  holderOfSession(session: number, place: number): number {
    return this.#holder(ofContext(session), place);
  }

  holderOfPrefix(prefix: number, place: number): number {
    return this.#holder(ofApplication(prefix), place);
  }

  /** A prompt has gone to a replica. */
  add(work: StatedPrompt, leaf: number): void {
    while (this.#sent.length <= leaf) {
      this.#sent.push(0);
      this.#lost.push(0);
    }
    this.#sent[leaf]! += work.inputTokens - this.held(work, leaf);
    if (work.session !== NONE) this.#note(ofContext(work.session), work.inputTokens, leaf);
    if (work.prefix !== NONE) this.#note(ofApplication(work.prefix), work.prefixTokens, leaf);
  }

  /** Another replica has come up in a leaf: what the one before held is gone. */
  forget(leaf: number): void {
    if (leaf < this.#sent.length) this.#lost[leaf] = this.#sent[leaf]!;
  }

  #holder(beginning: number, place: number): number {
    const row = rowOf(beginning);
    return this.#rows[row] === beginning ? this.#rows[row + 1 + place]! : NOWHERE;
  }

  /** How much of a beginning is left in a replica: it loses the end first. */
  #lengthOf(beginning: number, leaf: number): number {
    const pair = pairOf(beginning, leaf);
    if (this.#beginnings[pair] !== beginning || this.#leaves[pair] !== leaf) return 0;
    const mark = this.#marks[pair]!;
    if (mark <= this.#lost[leaf]!) return 0;
    // Nobody may be there any more.
    const room = (this.#replicas[leaf]?.kvTokens ?? 0) - (this.#sent[leaf]! - mark);
    return Math.max(0, Math.min(this.#lengths[pair]!, room));
  }

  #note(beginning: number, tokens: number, leaf: number): void {
    const pair = pairOf(beginning, leaf);
    this.#beginnings[pair] = beginning;
    this.#leaves[pair] = leaf;
    this.#lengths[pair] = tokens;
    this.#marks[pair] = this.#sent[leaf]!;
    this.#nameHolder(beginning, leaf);
  }

  /** Where all places are taken, one that holds it no more gives way, else the most loaded: it is wanted least. */
  #nameHolder(beginning: number, leaf: number): void {
    const rows = this.#rows;
    const row = rowOf(beginning);
    if (rows[row] !== beginning) {
      rows.fill(NONE, row, row + 1 + HOLDERS);
      rows[row] = beginning;
    }
    let place = row + 1;
    let most = -1;
    for (let at = row + 1; at <= row + HOLDERS; at++) {
      const holder = rows[at]!;
      if (holder === leaf) return;
      const load =
        holder === NOWHERE || this.#lengthOf(beginning, holder) === 0 ? CLOSED : this.#loads.loadOf(holder);
      if (load <= most) continue;
      most = load;
      place = at;
    }
    rows[place] = leaf;
  }
}

// One numbering for both kinds.
const ofContext = (session: number) => 2 * session;
const ofApplication = (prefix: number) => 2 * prefix + 1;

const rowOf = (beginning: number) => (mixed(beginning) & (BEGINNINGS - 1)) << ROW_SHIFT;
const pairOf = (beginning: number, leaf: number) =>
  mixed(beginning ^ Math.imul(leaf + 1, 0x85ebca77)) & (PAIRS - 1);

/** Even over the low bits: the multiplicative hash of Knuth (The Art of Computer Programming 3, 6.4), folded down. */
function mixed(number: number): number {
  const hash = Math.imul(number + 1, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
