// What a router knows of how loaded replicas are: a number each, read from all of them every so often, and on top what
// it has sent there since. Without the second part all that arrives between two readings would go to one replica, which
// no router does that counts what it sends; that something has left, it learns at the next reading. Who takes sequences
// it knows at once: load balancers learn that from the control plane and not from metrics. Source of the counting: the
// router of NVIDIA Dynamo, which adds the blocks of what it has routed ("potential active blocks": Router Design,
// v1.2.0, excerpt).
import { NONE } from "../../../base/none.js";
import { type Duration, type Instant, START } from "../../../base/units.js";
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

export interface DatedLoadsOptions extends MembersContext {
  readonly age: Duration;
  /** What is read of one replica: less is better. */
  readonly read: (replica: ReplicaFacts, asOf: Instant) => number;
}

export class DatedLoads implements DatedSignals {
  readonly age: Duration;
  /** By leaf; closed where no replica takes sequences. Up to date after `follow`. */
  readonly known: LoadIndex = new LoadIndex();
  readonly #options: DatedLoadsOptions;
  readonly #members: Members;
  /** Of the question under way. */
  #now: Instant = START;

  constructor(options: DatedLoadsOptions) {
    this.age = options.age;
    this.#options = options;
    this.#members = new Members(options, (leaf, replica) => {
      if (leaf >= this.known.size) this.known.add();
      this.known.set(leaf, replica === undefined ? CLOSED : options.read(replica, this.#now));
    });
  }

  copy(asOf: Instant): void {
    this.follow(asOf);
    const { ready, replicas, read } = this.#options;
    for (let index = 0; index < ready.length; index++) {
      const leaf = ready[index]!;
      this.known.set(leaf, read(replicas[leaf]!, asOf));
    }
  }

  /** Forgets who takes no sequences any more, and reads who takes some for the first time, or again. */
  follow(now: Instant): void {
    this.#now = now;
    this.#members.follow();
  }

  /** So much has been sent to a replica. */
  add(leaf: number, load: number): void {
    const before = this.known.loadOf(leaf);
    // One that has come since the last question will be read, with what is inside by then.
    if (before < CLOSED) this.known.set(leaf, before + load);
  }
}
