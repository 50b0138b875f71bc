// What every placement rule must keep to, whatever it goes by. placement-rule.test.ts runs it over all definitions, and
// over planted rules that break one law each; a user's own rule can run it too.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE } from "../../src/core/base/none.js";
import { type Instant, START } from "../../src/core/base/units.js";
import { openStream } from "../../src/core/random/stream.js";
import { CLOSED, LoadIndex, NOWHERE } from "../../src/core/server/fleet/load-index.js";
import type { PlacementRule, RuleContext } from "../../src/core/server/fleet/placement/rule.js";
import { Placement } from "../../src/core/server/fleet/placement.js";
import type { SequenceWork } from "../../src/core/server/replica/replica.js";
import { lossChance, placementOf } from "../support/dated.js";
import { gear } from "../support/mode.js";
import { ReplicaOfCounts } from "../unit/server/fleet/replicas.js";
import { aloneWork } from "./replica-run.js";

export type CreateRule = (context: RuleContext) => PlacementRule;

const KV_TOKENS = 1000;
const SEEDED = { numRuns: gear(25, 300) };

const event = fc.record({
  kind: fc.constantFrom(
    "place",
    "place",
    "place",
    "place",
    "leave",
    "grow",
    "wait",
    "add",
    "drain",
    "recall",
    "lose",
  ),
  choice: fc.nat({ max: 1000 }),
  tokens: fc.integer({ min: 1, max: 400 }),
  /** Few, so that they come back. */
  session: fc.oneof(fc.constant(NONE), fc.nat({ max: 6 })),
  prefix: fc.oneof(fc.constant(NONE), fc.nat({ max: 2 })),
});
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;
const life = fc.array(event, { maxLength: 150 });

/** A pool that knows its rule only: replicas come, drain, come back and are lost while sequences come and go. */
class RulePool {
  readonly ready: number[] = [];
  /** By leaf; undefined where one was lost and no other has come up. */
  readonly replicas: ReplicaOfCounts[] = [];
  readonly loads = new LoadIndex();
  now: Instant = START;
  /** What the rule wished, and where sequences went. */
  readonly wishes: number[] = [];
  readonly places: number[] = [];
  /** Whether every wish was NOWHERE or a replica that took sequences; whether sequences found what room there was. */
  isNamed = true;
  isPlaced = true;
  readonly #slots: number;
  readonly #draining: number[] = [];
  readonly #free: number[] = [];
  readonly #inside: { sequence: number; leaf: number }[] = [];
  readonly #placement: Placement;
  #membership = 0;
  #sequences = 0;

  constructor(create: CreateRule, replicas: number, slots: number) {
    this.#slots = slots;
    const { ready, loads } = this;
    this.#placement = new Placement(
      placementOf(),
      { replicas: this.replicas, ready, membership: () => this.#membership, loads },
      (_, context) => this.#watched(create(context)),
    );
    for (let count = 0; count < replicas; count++) this.add();
  }

  #watched(rule: PlacementRule): PlacementRule {
    return {
      ...(rule.signals !== undefined && { signals: rule.signals }),
      ...(rule.placed !== undefined && { placed: (work, leaf) => rule.placed!(work, leaf) }),
      wish: (work, least, now) => {
        const before = this.ready.join();
        const wish = rule.wish(work, least, now);
        this.isNamed &&= wish === NOWHERE || this.ready.includes(wish);
        this.isNamed &&= before === this.ready.join();
        this.wishes.push(wish);
        return wish;
      },
    };
  }

  wait(time: number): void {
    this.now = (this.now + time) as Instant;
    this.#placement.signals?.renew(this.now);
  }

  add(): void {
    const leaf = this.#free.shift() ?? this.loads.add();
    this.replicas[leaf] = new ReplicaOfCounts({ slots: this.#slots, kvTokens: KV_TOKENS });
    this.#open(leaf);
  }

  drain(choice: number): void {
    if (this.ready.length === 0) return;
    const [leaf] = this.ready.splice(choice % this.ready.length, 1);
    this.#draining.push(leaf!);
    this.#close(leaf!);
  }

  recall(choice: number): void {
    if (this.#draining.length > 0) this.#open(this.#draining.splice(choice % this.#draining.length, 1)[0]!);
  }

  lose(choice: number): void {
    if (this.ready.length === 0) return;
    const [leaf] = this.ready.splice(choice % this.ready.length, 1);
    // Whoever looks there finds nothing.
    (this.replicas as (ReplicaOfCounts | undefined)[])[leaf!] = undefined;
    for (let index = this.#inside.length - 1; index >= 0; index--) {
      if (this.#inside[index]!.leaf === leaf) this.#inside.splice(index, 1);
    }
    this.#free.push(leaf!);
    this.#free.sort((one, other) => one - other);
    this.#close(leaf!);
  }

  place(work: SequenceWork): void {
    const fitting = this.ready.filter((leaf) => this.replicas[leaf]!.fits(work));
    const leaf = this.#placement.choose(Object.freeze(work), this.now);
    this.isPlaced &&= fitting.length === 0 ? leaf === NOWHERE : fitting.includes(leaf);
    this.places.push(leaf);
    if (leaf === NOWHERE || !fitting.includes(leaf)) return;
    const sequence = this.#sequences++;
    this.replicas[leaf]!.admit(sequence, work);
    this.#inside.push({ sequence, leaf });
    this.#changed(leaf);
  }

  /** The one that has been inside for longest, but for `choice`. */
  leave(choice = 0): void {
    if (this.#inside.length === 0) return;
    const [gone] = this.#inside.splice(choice % this.#inside.length, 1);
    const replica = this.replicas[gone!.leaf]!;
    replica.cancel(gone!.sequence);
    replica.open(1);
    this.#changed(gone!.leaf);
  }

  /** Contexts grow by themselves: that is not reported. */
  grow(choice: number, tokens: number): void {
    if (this.ready.length > 0) this.replicas[this.ready[choice % this.ready.length]!]!.grow(tokens);
  }

  #open(leaf: number): void {
    this.ready.push(leaf);
    this.ready.sort((one, other) => one - other);
    this.#membership++;
    this.#changed(leaf);
  }

  #close(leaf: number): void {
    this.#membership++;
    this.loads.set(leaf, CLOSED);
  }

  #changed(leaf: number): void {
    if (!this.ready.includes(leaf)) return;
    const { openings, slotsBusy, slots } = this.replicas[leaf]!;
    this.loads.set(leaf, openings > 0 ? slotsBusy / slots : CLOSED);
    this.#placement.changed(leaf);
  }
}

const workOf = ({ tokens, session, prefix }: Event, outputTokens: number): SequenceWork =>
  aloneWork({
    inputTokens: tokens,
    outputTokens,
    session,
    sharedTokens: session === NONE ? 0 : Math.floor(tokens / 2),
    prefix,
    prefixTokens: prefix === NONE ? 0 : Math.floor(tokens / 3),
  });

function step(pool: RulePool, one: Event, outputTokens: number): void {
  const { kind, choice, tokens } = one;
  pool.wait(1);
  if (kind === "place") pool.place(workOf(one, outputTokens));
  else if (kind === "leave") pool.leave(choice);
  else if (kind === "grow") pool.grow(choice, tokens % 20);
  else if (kind === "wait") pool.wait(200 * choice);
  else if (kind === "add") pool.add();
  else pool[kind](choice);
}

function lived(create: CreateRule, events: readonly Event[], outputTokens = 1): RulePool {
  const pool = new RulePool(create, 3, 4);
  for (const one of events) step(pool, one, outputTokens);
  return pool;
}

/** Several pools at once, each its own rule, turn about: their wishes. */
function livedTogether(create: CreateRule, events: readonly Event[]): string[] {
  const pools = [0, 0].map(() => new RulePool(create, 3, 4));
  for (const one of events) for (const pool of pools) step(pool, one, 1);
  return pools.map(({ wishes }) => wishes.join());
}

const holds = (law: (events: readonly Event[]) => boolean) => fc.assert(fc.property(life, law), SEEDED);

/** By name: throws where a rule breaks it. */
export const PLACEMENT_LAWS: Readonly<Record<string, (create: CreateRule) => void>> = {
  "names no replica or one that takes sequences, whoever comes and goes, and changes no list": (create) =>
    holds((events) => lived(create, events).isNamed),

  "LAW-8: leaves nothing without room that fits somewhere": (create) =>
    holds((events) => lived(create, events).isPlaced),

  "LAW-4: wishes the same from the same seed and history": (create) =>
    holds((events) => {
      const [first, again] = [0, 0].map(() => lived(create, events).wishes.join());
      return first === again;
    }),

  "knows its own pool alone: two of them side by side wish what each would by itself": (create) =>
    holds((events) => {
      const alone = lived(create, events).wishes.join();
      return livedTogether(create, events).every((wishes) => wishes === alone);
    }),

  "LAW-6: does not see how long answers will be": (create) =>
    holds((events) => {
      const [short, long] = [1, 1000].map((outputTokens) => lived(create, events, outputTokens).wishes);
      return short!.join() === long!.join();
    }),

  "LAW-7: sees nothing of replicas between two copies but what it sent, if it goes by copies": (create) =>
    holds((events) => {
      // With room to spare all goes as wished, and wishes follow from what was known and sent.
      const look = (busy: number) => {
        const pool = new RulePool(create, 3, 1000);
        const isDated = create({ ...contextOf(pool) }).signals !== undefined;
        pool.wait(1);
        pool.place(aloneWork({ inputTokens: 1, outputTokens: 1 }));
        for (const leaf of pool.ready.slice(0, 2)) {
          if (isDated) pool.replicas[leaf]!.slotsBusy += busy;
          if (isDated) pool.replicas[leaf]!.grow(busy);
          pool.loads.set(leaf, pool.replicas[leaf]!.slotsBusy / 1000);
        }
        for (const one of events) if (one.kind === "place") pool.place(workOf({ ...one, tokens: 1 }, 1));
        return pool.wishes.join();
      };
      return look(0) === look(500);
    }),

  "spreads equal work: every replica gets at least half of its share": (create) => {
    const pool = new RulePool(create, 8, 1000);
    for (let count = 0; count < 2000; count++) {
      pool.wait(1000);
      if (count >= 50) pool.leave();
      pool.place(aloneWork({ inputTokens: 5, outputTokens: 1 }));
    }
    const counts = pool.ready.map((leaf) => pool.places.filter((place) => place === leaf).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2000 / 8 / 2);
  },
};

const contextOf = ({ ready, loads, replicas }: RulePool): RuleContext => ({
  ready,
  loads,
  replicas,
  membership: () => 0,
  chance: openStream("1", "placement"),
  lossChance,
});

export function placementContract(name: string, create: CreateRule): void {
  describe(`placement rule ${name}`, () => {
    it.each(Object.entries(PLACEMENT_LAWS))("%s", (_, law) => law(create));
  });
}
