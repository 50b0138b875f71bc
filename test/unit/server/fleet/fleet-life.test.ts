// Every fault in every state: a fleet whose pools are resized at will, displace each other and keep some asleep, while
// instances are lost, hang, are repaired or restarted, and nodes go, are about to go, and come back. Whatever happens on
// the way, once all is mended and nobody has anything to do each pool has what it wants.
import fc from "fast-check";
import { expect, it } from "vitest";
import { GPU_STATES, INSTANCE_STATES, InstanceState } from "../../../../src/core/base/instance-state.js";
import { after, type Duration, type Instant, START } from "../../../../src/core/base/units.js";
import { EventQueue } from "../../../../src/core/kernel/event-queue.js";
import { openStream } from "../../../../src/core/random/stream.js";
import { ColdStart } from "../../../../src/core/server/fleet/cold-start.js";
import { NodeLife } from "../../../../src/core/server/fleet/node-life.js";
import { undivided } from "../../../../src/core/server/fleet/node-type.js";
import { Role } from "../../../../src/core/server/fleet/roles.js";
import { Sizing } from "../../../../src/core/server/fleet/sizing.js";
import { WarmPools } from "../../../../src/core/server/fleet/warm-pools.js";
import { gear } from "../../../support/mode.js";
import { leave, makeFleetOn, never, started } from "./fleets.js";

const { pending, ready, sleeping, hung, lost } = InstanceState;

/** Two types of nodes of two GPUs; the last pool stands on the first type alone. */
const NODES = 2;
const TYPES = [
  { ...undivided(2), nodes: NODES, isStanding: false },
  { ...undivided(2), nodes: NODES },
];
const MOST_WANTED = 4;
const POOLS = [
  { warmPool: 1, displaces: [], least: 1 },
  { warmPool: 2, displaces: [0] },
  { warmPool: 0, displaces: [1, 0] },
];

const COMMANDS = [
  ...["resize", "resize", "join", "join", "join", "go", "pass", "pass"],
  ...["lose", "lose", "repair", "restart", "hang", "go on", "node goes", "node leaves", "node is back"],
] as const;

/** What struck an instance in which state, over all worlds. */
const struck = new Set<string>();
const UP = ["ready", "draining", "hung"];
const FAULTS = { lose: UP, hang: UP, "node goes": GPU_STATES, "node leaves": GPU_STATES };

const worlds = fc.record({
  /** Seconds of each stage by pool: none, instances that are ready at once, or some stages without a time. */
  starts: fc.tuple(...POOLS.map(() => fc.constantFrom(undefined, 0, 3))),
  wholeNodes: fc.boolean(),
  steps: fc.array(
    fc.record({
      kind: fc.constantFrom(...COMMANDS),
      pool: fc.constantFrom(0, 0, 0, 1, 1, 2),
      choice: fc.nat({ max: 1000 }),
    }),
    { minLength: 30, maxLength: 100 },
  ),
});
type World = typeof worlds extends fc.Arbitrary<infer One> ? One : never;

class Trial {
  readonly #events = new EventQueue();
  readonly #fleet;
  readonly #sizing;
  readonly #life;
  readonly #running: { request: number; slot: number; pool: number }[] = [];
  /** By node: whether it is about to go, or gone. */
  readonly #troubled = new Set<number>();
  readonly #last = POOLS.map(() => 0);
  #requests = 0;
  #now = START as Instant;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor({ starts, wholeNodes }: World) {
    const fixed = (value: number) => ({ dist: "constant", value }) as const;
    const shapes = starts.map((each, pool) => ({
      gpusPerReplica: wholeNodes && pool === 2 ? 2 : 1,
      ...(pool === 2 && { nodeTypes: [0] }),
      ...(each !== undefined && {
        coldStart: new ColdStart(
          {
            provision: fixed(each),
            image: fixed(each),
            load: fixed(each),
            init: fixed(each),
            wake: fixed(each),
          },
          openStream("1", `start/${pool}`),
        ),
      }),
    }));
    this.#fleet = makeFleetOn(TYPES, "least-loaded", shapes, this.#events);
    this.#sizing = new Sizing({ fleet: this.#fleet, pools: POOLS });
    this.#life = new NodeLife(this.#sizing);
    new WarmPools(this.#sizing);
    this.#sizing.whenDue((at) => {
      this.#dueAt = Math.min(this.#dueAt, at);
    });
    for (const pool of POOLS.keys()) this.#sizing.begin(pool, 0);
  }

  slots(...states: readonly InstanceState[]): number[] {
    const { instances } = this.#fleet;
    return POOLS.flatMap((_, pool) => [...instances.ofPool(pool)]).filter(
      (slot) => states.length === 0 || states.includes(instances.stateOf(slot)),
    );
  }

  #up(): number[] {
    return this.slots().filter((slot) => this.#fleet.instances.isUp(slot));
  }

  #forget(halted: readonly { readonly sequence: number }[]): void {
    for (const { sequence } of halted)
      this.#running.splice(
        this.#running.findIndex(({ request }) => request === sequence),
        1,
      );
  }

  do(kind: (typeof COMMANDS)[number], pool: number, choice: number): void {
    const any = <One>(list: readonly One[]): One | undefined => list[choice % Math.max(1, list.length)];
    const on = (slot: number | undefined, act: (slot: number) => void) => {
      if (slot === undefined) return;
      this.#strikes(kind, [slot]);
      act(slot);
    };
    const node = choice % (2 * NODES);
    const onNode = () => this.#strikes(kind, this.#life.nodes.instancesOn(node));
    const actions: Record<(typeof COMMANDS)[number], () => unknown> = {
      resize: () => this.#resize(pool, choice % (MOST_WANTED + 1)),
      join: () => this.#fleet.pools[pool]!.join(this.#requests++, 0, 0, this.#now),
      go: () => {
        const [gone] = this.#running.splice(choice % Math.max(1, this.#running.length), 1);
        if (gone !== undefined) leave(this.#fleet, gone.pool, gone.request, gone.slot, this.#now);
      },
      pass: () => this.#pass(choice % 5),
      lose: () => on(any(this.#up()), (slot) => this.#forget(this.#fleet.lose(slot, this.#now))),
      repair: () => on(any(this.slots(lost)), (slot) => this.#fleet.repair(slot, this.#now)),
      restart: () => on(any(this.slots(lost)), (slot) => this.#fleet.restart(slot, this.#now)),
      hang: () => on(any(this.#up()), (slot) => this.#fleet.setSpeed(slot, 0, this.#now)),
      "go on": () => on(any(this.slots(hung)), (slot) => this.#fleet.setSpeed(slot, 1, this.#now)),
      "node goes": () => {
        if (this.#life.nodes.isGone(node)) return;
        onNode();
        this.#troubled.add(node);
        this.#forget(this.#life.lose(node, this.#now));
      },
      "node leaves": () => {
        if (this.#troubled.has(node)) return;
        onNode();
        this.#troubled.add(node);
        this.#life.drain(node, this.#now);
      },
      "node is back": () => on(any([...this.#troubled]), (back) => this.#restore(back)),
    };
    actions[kind]();
    this.#supply();
    this.#dispatch();
    this.#expectInPlace();
  }

  #resize(pool: number, replicas: number): void {
    const { instances } = this.#fleet;
    const taking = () => this.#serving(pool).filter((slot) => instances.isUp(slot)).length;
    const idOf = (slot: number) => `${slot} ${instances.lifeOf(slot)}`;
    const [taken, before] = [taking(), [...instances.ofPool(pool)].map(idOf)];
    this.#last[pool] = replicas;
    this.#sizing.resize(pool, replicas, this.#now);
    const keepsLost = this.#serving(pool).some((slot) => instances.stateOf(slot) === lost);
    never(keepsLost && taking() < taken, "what is lost is given up before what serves");
    const isOwed = POOLS.some((_, other) => this.#sizing.wantedOf(other) < this.#last[other]!);
    const launched = this.#sizing.standingBy(pool).filter((slot) => !before.includes(idOf(slot)));
    never(isOwed && launched.length > 0, "a warm pool is filled with what nobody is owed");
  }

  #serving(pool: number): number[] {
    const { instances, roles } = this.#fleet;
    return [...instances.ofPool(pool)].filter((slot) => roles.of(slot) === Role.serves);
  }

  /** Whatever is under way. */
  #expectInPlace(): void {
    const { instances, roles, inventory } = this.#fleet;
    for (const pool of POOLS.keys()) {
      const slots = [...instances.ofPool(pool)];
      const serving = this.#serving(pool);
      const isAny = (some: readonly number[], state: InstanceState) =>
        some.some((slot) => instances.stateOf(slot) === state);
      never(isAny(serving, lost) && isAny(slots, sleeping), "one sleeps in whose place another is lost");
      const leaving = slots.filter((slot) => roles.of(slot) === Role.leaves);
      never(isAny(leaving, lost), "what is lost holds no GPUs that nobody wants");
      never(serving.length !== this.#sizing.wantedOf(pool), "as many serve as are wanted");
      never(
        serving.some((slot) => this.#fleet.drains(slot)),
        "what serves is not drained",
      );
      const toStay = [...serving, ...slots.filter((slot) => instances.stateOf(slot) === sleeping)];
      const nodes = toStay.flatMap((slot) => inventory.nodes.nodesOf(slot));
      never(
        nodes.some((node) => !inventory.nodes.isOpen(node)),
        "what is to stay is on nodes that do",
      );
      const isMissed = this.#sizing.standingBy(pool).length < this.#sizing.asleepOf(pool);
      never(isMissed && this.#hasRoom(pool), "the warm pool is filled");
    }
  }

  #hasRoom(pool: number): boolean {
    const { nodes } = this.#fleet.inventory;
    const isEnough = (node: number) =>
      nodes.isOpen(node) && nodes.freeOf(node) >= this.#fleet.gpusPerReplica(pool);
    return this.#fleet.nodeTypesOf(pool).some((type) => [...nodes.ofType(type)].some(isEnough));
  }

  #strikes(kind: string, slots: readonly number[]): void {
    for (const slot of slots) struck.add(`${kind}: ${INSTANCE_STATES[this.#fleet.instances.stateOf(slot)]!}`);
  }

  #restore(node: number): void {
    const { nodes } = this.#life;
    this.#troubled.delete(node);
    if (nodes.isCordoned(node)) this.#life.hasGone(node, this.#now);
    if (nodes.isGone(node)) this.#life.restore(node, this.#now);
  }

  #supply(): void {
    for (let round = 0; this.#dueAt <= this.#now; round++) {
      expect(round, "supply comes to an end").toBeLessThan(10);
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#sizing.supply(this.#now);
    }
  }

  #dispatch(): void {
    for (const pool of POOLS.keys())
      started(this.#fleet, pool, (request, slot) => this.#running.push({ request, slot, pool }));
  }

  #pass(seconds: number): void {
    const until = after(this.#now, (seconds * 1e6) as Duration);
    while (this.#events.nextAt <= until) {
      this.#events.pop();
      this.#now = this.#events.time;
      this.#fleet.advance(this.#events.subject, this.#now);
      this.#supply();
    }
    this.#now = until;
  }

  /** All is mended, nobody has anything to do, and all starts are over. */
  quieten(): void {
    for (const node of [...this.#troubled]) this.#restore(node);
    for (let rounds = 0; rounds < 6; rounds++) {
      for (const slot of this.slots(lost)) this.#fleet.restart(slot, this.#now);
      for (const slot of this.slots(hung)) this.#fleet.setSpeed(slot, 1, this.#now);
      this.#dispatch();
      while (this.#running.length > 0) this.do("go", 0, 0);
      this.#pass(20);
      this.#supply();
    }
  }

  /** What each pool has by what for. */
  expectAllIsWell(): void {
    const { instances, roles, pools } = this.#fleet;
    for (const [pool, { warmPool }] of POOLS.entries()) {
      const slots = [...instances.ofPool(pool)];
      const are = (role: Role, state: InstanceState) =>
        slots.filter((slot) => roles.of(slot) === role && instances.stateOf(slot) === state).length;
      const has = {
        serving: are(Role.serves, ready) + are(Role.serves, pending),
        others:
          slots.length - are(Role.serves, ready) - are(Role.serves, pending) - are(Role.standsBy, sleeping),
        takers: pools[pool]!.ready.replicas,
      };
      expect(has).toEqual({
        serving: this.#sizing.wantedOf(pool),
        others: 0,
        takers: are(Role.serves, ready),
      });
      const isShort = this.#sizing.wantedOf(pool) < this.#last[pool]! || are(Role.serves, pending) > 0;
      expect(isShort && this.#hasRoom(pool), "what waits, or was given up, has its place").toBe(false);
      expect(this.#sizing.wantedOf(pool)).toBeLessThanOrEqual(this.#last[pool]!);
      expect(are(Role.standsBy, sleeping)).toBeLessThanOrEqual(warmPool);
    }
  }

  /** Nobody displaces any more: everyone has what was asked for. */
  letDisplacersGo(): void {
    for (const pool of [2, 1]) this.do("resize", pool, 0);
    this.quieten();
    expect(this.#sizing.wantedOf(0)).toBe(this.#last[0]);
  }
}

it("each pool has what it wants once all is mended, whatever struck it in whatever state", () => {
  const law = fc.property(worlds, (world) => {
    const trial = new Trial(world);
    for (const { kind, pool, choice } of world.steps) trial.do(kind, pool, choice);
    trial.quieten();
    trial.expectAllIsWell();
    trial.letDisplacersGo();
    trial.expectAllIsWell();
  });
  fc.assert(law, { numRuns: gear(220, 5000) });
  const cases = Object.entries(FAULTS).flatMap(([fault, states]) =>
    states.map((state) => `${fault}: ${state}`),
  );
  expect(cases.filter((each) => !struck.has(each))).toEqual([]);
});
