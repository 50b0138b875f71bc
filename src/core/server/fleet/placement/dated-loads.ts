// What a router knows of how loaded replicas are: a number each, read from all of them every so often, and on top what
// it has sent there since. Without the second part all that arrives between two readings would go to one replica: that
// is what routers do that go by scraped metrics alone, and they can be had, too (countSent). That something has left,
// it learns from a reading. Who takes sequences it knows at once: load balancers learn that from the control plane and
// not from metrics. Source of the counting: the router of NVIDIA Dynamo, which adds the blocks of what it has routed
// ("potential active blocks": Router Design, v1.2.0, excerpt). A reading says when it was taken, so that what was sent
// while it was under way is counted on top of it (ours).

import * as z from "zod";
import { NONE } from "../../../base/none.js";
import { type Instant, START } from "../../../base/units.js";
import { DatedCopies } from "../../gateway/dated-copies.js";
import { type SignalTiming, signalTiming } from "../../gateway/signal-timing.js";
import { CLOSED, LoadIndex } from "../load-index.js";
import type { DatedSignals, ReplicaFacts, RuleContext } from "./rule.js";

type MembersContext = Pick<RuleContext, "ready" | "membership" | "replicas">;

/** `replica` takes sequences in a leaf where it did not before; undefined: none does any more. */
type OnChange = (leaf: number, replica: ReplicaFacts | undefined) => void;

/** Who takes sequences, as last seen: tells only what is new. */
export class Members {
  readonly #context: MembersContext;
  readonly #changed: OnChange;
  #membership = NONE;
  /** By leaf. */
  readonly #seen: (ReplicaFacts | undefined)[] = [];

  constructor(context: MembersContext, changed: OnChange) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Tells of every leaf where it is another than when last asked, in order. */
  follow(): void {
    const { ready, replicas } = this.#context;
    const membership = this.#context.membership();
    if (membership === this.#membership) return;
    this.#membership = membership;
    const leaves = Math.max(this.#seen.length, (ready.at(-1) ?? NONE) + 1);
    let next = 0;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const isReady = ready[next] === leaf;
      if (isReady) next++;
      const replica = isReady ? replicas[leaf] : undefined;
      if (this.#seen[leaf] === replica && leaf < this.#seen.length) continue;
      this.#seen[leaf] = replica;
      this.#changed(leaf, replica);
    }
  }
}

/** The options of every rule that goes by loads, and sees them every so often. */
export const loadSignals = (period: string) => ({
  countSent: z
    .boolean()
    .prefault(true)
    .describe("Whether it adds what it has sent since the reading that it goes by. Only with a period."),
  signals: signalTiming("what replicas report", period).describe("How old the readings are that it goes by."),
});

/** Says that a router which counts nothing goes by readings: without a period it sees what is, sent or not. */
export function checkCountSent({ countSent, signals }: LoadSignals, context: z.core.$RefinementCtx): void {
  if (countSent || signals.period > 0) return;
  const message = "only signals with a period above 0s use this";
  context.addIssue({ code: "custom", path: ["countSent"], message, input: countSent });
}

/** Where their defaults come from. */
export const LOAD_SIGNAL_DEFAULTS = { countSent: "ours", signals: "ours" } as const;

/** What placement by old readings does. */
export const OLD_INFORMATION = {
  text: 'Mitzenmacher, "How useful is old information?", IEEE TPDS 11(1), 2000, abstract',
  date: "2026-11",
} as const;

export interface LoadSignals {
  readonly countSent: boolean;
  readonly signals: SignalTiming;
}

export interface DatedLoadsOptions extends LoadSignals, MembersContext, Pick<RuleContext, "lossChance"> {
  /** What is read of one replica: less is better. */
  readonly read: (replica: ReplicaFacts, asOf: Instant) => number;
}

/** By leaf. */
interface Reading {
  /** Which one it is, counted from 1. */
  turn: number;
  readonly loads: number[];
  /** How much had been sent there. */
  readonly sent: number[];
}

export class DatedLoads implements DatedSignals {
  /** By leaf; closed where no replica takes sequences. Up to date after `follow`. */
  readonly known: LoadIndex = new LoadIndex();
  readonly #options: DatedLoadsOptions;
  readonly #members: Members;
  readonly #readings: DatedCopies<Reading>;
  /** Readings so far, and the one that is known. */
  #turns = 0;
  #turn = 0;
  /** By leaf: how much has been sent there, and the first reading of the replica that is there. */
  readonly #sent: number[] = [];
  readonly #firstTurns: number[] = [];
  /** Of the question under way. */
  #now: Instant = START;

  constructor(options: DatedLoadsOptions) {
    this.#options = options;
    this.#members = new Members(options, (leaf, replica) => this.#changed(leaf, replica));
    this.#readings = new DatedCopies({
      timing: options.signals,
      chance: options.lossChance,
      make: (): Reading => ({ turn: 0, loads: [], sent: [] }),
      take: (reading, asOf) => this.#take(reading, asOf),
    });
  }

  get dueAt(): Instant {
    return this.#readings.dueAt;
  }

  renew(now: Instant): void {
    this.#readings.renew(now);
    this.#learn(now);
  }

  /** Forgets who takes no sequences any more, and reads who takes some for the first time, or again. */
  follow(now: Instant): void {
    this.#readings.renew(now);
    this.#now = now;
    this.#members.follow();
    this.#learn(now);
  }

  /** So much has been sent to a replica. */
  add(leaf: number, load: number): void {
    const before = this.known.loadOf(leaf);
    // One that has come since the last question will be read, with what is inside by then.
    if (!this.#options.countSent || !(before < CLOSED)) return;
    this.#sent[leaf]! += load;
    this.known.set(leaf, before + load);
  }

  #changed(leaf: number, replica: ReplicaFacts | undefined): void {
    while (leaf >= this.known.size) {
      this.known.add();
      this.#sent.push(0);
      this.#firstTurns.push(0);
    }
    this.#firstTurns[leaf] = this.#turns + 1;
    this.known.set(leaf, replica === undefined ? CLOSED : this.#options.read(replica, this.#now));
  }

  #take(reading: Reading, asOf: Instant): void {
    this.#now = asOf;
    this.#members.follow();
    const { ready, replicas, read } = this.#options;
    reading.turn = ++this.#turns;
    for (let index = 0; index < ready.length; index++) {
      const leaf = ready[index]!;
      reading.loads[leaf] = read(replicas[leaf]!, asOf);
      reading.sent[leaf] = this.#sent[leaf]!;
    }
  }

  /** Takes over the newest reading that has arrived, of those replicas that it is of. */
  #learn(now: Instant): void {
    const { turn, loads, sent } = this.#readings.at(now);
    if (turn === this.#turn) return;
    this.#turn = turn;
    const { ready } = this.#options;
    for (let index = 0; index < ready.length; index++) {
      const leaf = ready[index]!;
      if (turn < this.#firstTurns[leaf]!) continue;
      this.known.set(leaf, loads[leaf]! + (this.#sent[leaf]! - sent[leaf]!));
    }
  }
}

/** Of shares of busy slots. */
export function datedShares({ countSent, signals }: LoadSignals, context: RuleContext): DatedLoads {
  const { ready, membership, replicas, lossChance } = context;
  const read = ({ slotsBusy, slots }: ReplicaFacts) => slotsBusy / slots;
  return new DatedLoads({ countSent, signals, ready, membership, replicas, lossChance, read });
}
