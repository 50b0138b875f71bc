// A pool as its placement rule sees it, for the tests of this folder: who is ready, and how busy.
import { NONE } from "../../../../../src/core/base/none.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { CLOSED, LoadIndex } from "../../../../../src/core/server/fleet/load-index.js";
import type { RuleContext } from "../../../../../src/core/server/fleet/placement/rule.js";
import type { SequenceWork } from "../../../../../src/core/server/replica/replica.js";
import { aloneWork } from "../../../../conformance/replica-run.js";
import { lossChance } from "../../../../support/dated.js";
import { type Contents, ReplicaOfCounts } from "../replicas.js";

/** A prompt of a session, of which it has had `shared` tokens before. */
export const turn = (session: number, inputTokens: number, sharedTokens = 0): SequenceWork =>
  aloneWork({ inputTokens, outputTokens: 1, session, sharedTokens });

/** A prompt that begins with the prefix of an application. */
export const prefixed = (prefix: number, inputTokens: number, prefixTokens: number): SequenceWork =>
  aloneWork({ inputTokens, outputTokens: 1, session: NONE, prefix, prefixTokens });

export class MembersOf {
  readonly replicas: ReplicaOfCounts[] = [];
  readonly ready: number[] = [];
  readonly loads = new LoadIndex();
  readonly context: RuleContext;
  #membership = 0;

  constructor(contents: readonly Contents[]) {
    const { ready, replicas, loads } = this;
    const chance = openStream("1", "placement");
    this.context = { ready, replicas, loads, chance, lossChance, membership: () => this.#membership };
    for (const [leaf, each] of contents.entries()) this.comeUp(leaf, each);
  }

  /** Another replica in that leaf. */
  comeUp(leaf: number, contents: Contents): void {
    this.replicas[leaf] = new ReplicaOfCounts(contents);
    this.open(leaf);
  }

  open(leaf: number): void {
    while (this.loads.size <= leaf) this.loads.add();
    this.ready.push(leaf);
    this.ready.sort((one, other) => one - other);
    this.#membership++;
    this.setBusy(leaf, this.replicas[leaf]!.slotsBusy);
  }

  close(leaf: number): void {
    this.ready.splice(this.ready.indexOf(leaf), 1);
    this.#membership++;
    this.loads.set(leaf, CLOSED);
  }

  setBusy(leaf: number, busy: number): void {
    const replica = this.replicas[leaf]!;
    replica.slotsBusy = busy;
    this.loads.set(leaf, replica.openings > 0 ? busy / replica.slots : CLOSED);
  }
}
