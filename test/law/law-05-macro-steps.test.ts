// LAW-5: macro-steps are step by step, bit for bit: in a replica on its own, over thousands of random worlds, and over
// hundreds in which what is inside goes, all of it or some, at the very instant at which a step ends or just beside it.
import { expect, test } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import { Phase } from "../../src/core/kernel/phase.js";
import { openStream } from "../../src/core/random/stream.js";
import { MacroReplica } from "../../src/core/server/replica/batching/macro-replica.js";
import { StepReplica } from "../../src/core/server/replica/batching/step-replica.js";
import type { ReplicaWork } from "../../src/core/server/replica/replica.js";
import { ReplicaRun, type Told } from "../conformance/replica-run.js";
import { Draw } from "../support/draw.js";
import { expectEnough, forWorlds, repeatCommand } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { type RandomReplica, randomReplica } from "../support/random-replica.js";

const WORLDS = gear(1000, 10_000);
const EMPTIED = gear(300, 1000);
const HALTED = gear(300, 1000);

interface World extends RandomReplica {
  readonly cancels: readonly { readonly at: number; readonly id: number; readonly phase?: Phase }[];
  /** When the replica is lost, if ever. */
  readonly haltAt?: number;
}

interface Life {
  /** What was told, a row for each; numbers, since text would take longer than the worlds do. */
  readonly told: readonly Told[];
  /** What a look at the replica showed, row by row: instant, slots, openings, memory, who fits and with which hit... */
  readonly seen: readonly (readonly number[])[];
  /** Prompt tokens that sequences did not have to compute, in the order of admission. */
  readonly skipped: readonly number[];
  readonly work: ReplicaWork;
  /** Instants at which the replica was woken: all at which steps begin or end, where it goes step by step. */
  readonly wakes: readonly number[];
}

/** Everything that anyone can see of a replica, in the order in which it is seen. */
function live(Form: typeof MacroReplica | typeof StepReplica, seed: string, world: World): Life {
  const options = { ...world.options, chance: openStream(seed, "acceptance") };
  const run = new ReplicaRun((clock, listener) => new Form(options, clock, listener));
  const { replica } = run;
  const seen: number[][] = [];
  run.admitsInside = world.admitsInside;
  for (const { at, work } of world.arrivals) run.arrive(at, work);
  for (const { at, id, phase } of world.cancels) run.cancelAt(at, id, phase);
  for (const at of world.probes) for (const phase of [Phase.control, Phase.sample]) run.probeAt(at, phase);
  if (world.haltAt !== undefined) run.haltAt(world.haltAt);
  run.cancelled = (id, generated, now) => seen.push([now, id, generated]);
  run.probed = (now) => {
    const row = [now, replica.slotsBusy, replica.openings, replica.kvUsed(now), replica.kvPeak(now)];
    for (let id = 0; id < world.arrivals.length; id++) {
      const work = run.workOf(id);
      row.push(replica.fits(work, now) ? 1 : 0, replica.cacheHit(work, now));
    }
    for (const id of run.inside) row.push(id, replica.generated(id, now));
    seen.push(row);
  };
  run.run();
  for (const { sequence, prefilled, generated } of run.halted ?? [])
    seen.push([sequence, prefilled, generated]);
  run.probed((run.log.at(-1)?.at ?? 0) as Instant);
  return { told: run.log, seen, skipped: run.skipped, work: replica.work, wakes: run.wakes };
}

/** The same world, emptied three times where its steps end, or nearly so; of what comes later some comes just then. */
function emptied(seed: string, world: RandomReplica): World {
  const draw = new Draw(seed, "emptied");
  const { wakes } = live(StepReplica, seed, world);
  const instants = Array.from({ length: 3 }, () => draw.pick(wakes) + draw.pick([0, 0, 0, 1]));
  const arrivals = world.arrivals.map(({ at, work }) => {
    const just = draw.pick(instants) + draw.pick([0, 1, 1, 50]);
    return { work, at: draw.chance(0.4) ? Math.max(at, just) : at };
  });
  const cancels = instants.flatMap((at) => {
    const [phase, share] = [draw.pick([Phase.fault, Phase.timeout]), draw.pick([1, 1, 0.5])];
    return arrivals.flatMap((arrival, id) =>
      arrival.at <= at && draw.chance(share) ? [{ at, id, phase }] : [],
    );
  });
  return { ...world, arrivals, cancels };
}

/** Index of the first row that differs; -1 if none does. */
function firstDifference<Row>(
  one: readonly Row[],
  other: readonly Row[],
  isSame: (one: Row, other: Row) => boolean,
): number {
  const length = Math.max(one.length, other.length);
  for (let row = 0; row < length; row++) {
    if (row >= one.length || row >= other.length || !isSame(one[row]!, other[row]!)) return row;
  }
  return -1;
}

const isSameTold = (one: Told, other: Told) =>
  one.at === other.at && one.id === other.id && one.what === other.what;
const isSameNumber = (one: number, other: number) => one === other;
const isSameRow = (one: readonly number[], other: readonly number[]) =>
  firstDifference(one, other, isSameNumber) < 0;

function expectSame(macro: Life, step: Life, where: string): void {
  const told = firstDifference(macro.told, step.told, isSameTold);
  if (told >= 0) expect(macro.told[told], where).toEqual(step.told[told]);
  const seen = firstDifference(macro.seen, step.seen, isSameRow);
  if (seen >= 0) expect(macro.seen[seen], where).toEqual(step.seen[seen]);
  if (!isSameRow(macro.skipped, step.skipped)) expect(macro.skipped, where).toEqual(step.skipped);
  const [one, other] = [macro.work, step.work];
  const isSameWork =
    one.steps === other.steps &&
    one.preemptions === other.preemptions &&
    one.lostTokens === other.lostTokens &&
    one.epochs <= other.epochs;
  if (!isSameWork) expect(one, where).toEqual(other);
}

test(`LAW-5: a replica in macro-steps is the replica step by step, in ${WORLDS} worlds`, () => {
  const seen = { preemptions: 0, hits: 0, drafts: 0, skipped: 0, cancelled: 0 };
  forWorlds((seed) => {
    const world = randomReplica(seed);
    const macro = live(MacroReplica, seed, world);
    const step = live(StepReplica, seed, world);
    expectSame(macro, step, `world ${seed}; repeat with\n  ${repeatCommand(seed)}\n`);
    seen.preemptions += macro.work.preemptions;
    seen.hits += macro.skipped.filter((tokens) => tokens > 0).length;
    seen.drafts += world.options.profile.tokensPerSequence > 1 ? 1 : 0;
    seen.skipped += step.work.epochs - macro.work.epochs;
    seen.cancelled += world.cancels.length;
  }, WORLDS);
  expectEnough(seen.preemptions, WORLDS / 10);
  expectEnough(seen.hits, WORLDS / 10);
  expectEnough(seen.drafts, WORLDS / 10);
  expectEnough(seen.skipped, 10 * WORLDS);
  expectEnough(seen.cancelled, WORLDS / 10);
});

test(`LAW-5: and one that is emptied where a step ends, in ${EMPTIED} worlds`, () => {
  const seen = { cancelled: 0, after: 0 };
  forWorlds((seed) => {
    const world = emptied(seed, randomReplica(seed));
    const macro = live(MacroReplica, seed, world);
    const step = live(StepReplica, seed, world);
    expectSame(macro, step, `world ${seed}; repeat with\n  ${repeatCommand(seed)}\n`);
    const last = Math.max(0, ...world.cancels.map(({ at }) => at));
    seen.cancelled += macro.told.filter(({ what }) => what === "cancelled").length;
    seen.after += macro.told.filter(({ at, what }) => what === "completed" && at > last).length;
  }, EMPTIED);
  expectEnough(seen.cancelled, EMPTIED);
  expectEnough(seen.after, EMPTIED / 2);
});

test(`LAW-5: and one that is lost, where a step ends or in the middle of one, in ${HALTED} worlds`, () => {
  const seen = { halted: 0, generated: 0, idle: 0 };
  forWorlds((seed) => {
    const random = randomReplica(seed);
    const draw = new Draw(seed, "halted");
    const { wakes } = live(StepReplica, seed, random);
    const haltAt = draw.pick(wakes) + draw.pick([0, 0, 1, draw.whole(0, 2000)]);
    const world = { ...random, haltAt };
    const macro = live(MacroReplica, seed, world);
    const step = live(StepReplica, seed, world);
    expectSame(macro, step, `world ${seed}; repeat with\n  ${repeatCommand(seed)}\n`);
    const lost = macro.told.filter(({ what }) => what === "halted");
    seen.halted += lost.length;
    seen.generated += lost.filter(({ id }) =>
      macro.told.some((one) => one.what === "first" && one.id === id),
    ).length;
    seen.idle += lost.length === 0 ? 1 : 0;
  }, HALTED);
  expectEnough(seen.halted, HALTED);
  expectEnough(seen.generated, HALTED / 3);
  expectEnough(seen.idle, 0);
});
