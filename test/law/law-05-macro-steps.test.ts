// LAW-5: macro-steps are step by step, bit for bit: in a replica on its own, over thousands of random worlds, and over
// hundreds in which what is inside goes, all of it or some, or the replica slows down or hangs, at the very instant at
// which a step ends or just beside it.
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

const WORLDS = gear(600, 10_000);
const EMPTIED = gear(200, 1000);
const HALTED = gear(200, 1000);
const PACED = gear(320, 4000);

interface World extends RandomReplica {
  readonly cancels: readonly { readonly at: number; readonly id: number; readonly phase?: Phase }[];
  /** When the replica is lost, if ever. */
  readonly haltAt?: number;
  readonly speeds?: readonly SpeedChange[];
}

interface SpeedChange {
  readonly at: number;
  readonly speed: number;
  readonly phase: Phase;
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
  for (const { at, speed, phase } of world.speeds ?? []) run.setSpeedAt(at, speed, phase);
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

/**
 * The same world at changing speeds, 0 among them: each changes where a step of the world with those before ends, or
 * begins, or nearly so. Some of what comes later comes just then, or while it hangs, and some goes then.
 */
function paced(seed: string, world: RandomReplica): World {
  const draw = new Draw(seed, "paced");
  const speeds: SpeedChange[] = [];
  let last: SpeedChange = { at: 0, speed: 1, phase: Phase.fault };
  for (let count = draw.whole(1, 6); count > 0; count--) {
    const { wakes } = live(StepReplica, seed, { ...world, speeds });
    const later = last.speed === 0 ? [last.at] : wakes.filter((at) => at >= last.at);
    if (later.length === 0) break;
    const long = draw.whole(0, last.speed === 0 ? 200_000 : 50_000);
    const at = draw.pick(later) + draw.pick([0, 0, 1, draw.whole(0, 2000), long, long]);
    const speed = draw.pick([0, 0, 1, 1, 0.5, draw.magnitude(0.001, 1), draw.real(0.001, 1), last.speed]);
    // At one and the same instant in the order in which they are told here.
    const phase = draw.pick([last.phase, Phase.control]);
    last = {
      at: Math.max(at, last.at),
      speed,
      phase: at > last.at ? draw.pick([Phase.fault, Phase.control]) : phase,
    };
    speeds.push(last);
  }
  const isLost = draw.chance(0.2);
  if (last.speed === 0 && !isLost) {
    const speed = draw.pick([1, 0.7]);
    speeds.push({ at: last.at + draw.whole(0, 100_000), speed, phase: last.phase });
  }
  const hangs = speeds.filter(({ speed }) => speed === 0);
  const instants = [0, ...[...speeds, ...hangs, ...hangs].map(({ at }) => at)];
  const arrivals = world.arrivals.map(({ at, work }) => {
    const just = draw.pick(instants) + draw.pick([0, 1, 1, 50]);
    return { work, at: draw.chance(0.3) ? Math.max(at, just) : at };
  });
  const cancels = arrivals.flatMap((arrival, id) => {
    const at = Math.max(arrival.at, draw.pick(instants) + draw.pick([0, 0, 1, 50]));
    return draw.chance(0.15) ? [{ at, id, phase: draw.pick([Phase.fault, Phase.timeout]) }] : [];
  });
  const probes = [...world.probes, ...instants.flatMap((at) => [at, at + 1, at + draw.whole(0, 5000)])];
  const changed = { ...world, speeds, arrivals, cancels: [...world.cancels, ...cancels], probes };
  return isLost ? { ...changed, haltAt: last.at + draw.pick([1, 1, 50]) } : changed;
}

/** What was told while the replica hung. */
function toldWhileHung({ speeds = [] }: World, { told }: Life): readonly Told[] {
  return speeds.flatMap(({ at, speed }, index) => {
    const until = speeds[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return speed > 0 ? [] : told.filter((one) => one.at > at && one.at < until);
  });
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

test(`LAW-5: and one whose speed changes, down to 0 and back, in ${PACED} worlds`, () => {
  const seen = { changes: 0, atWake: 0, admitted: 0, cancelled: 0, halted: 0, completed: 0, preemptions: 0 };
  forWorlds((seed) => {
    const world = paced(seed, randomReplica(seed));
    const macro = live(MacroReplica, seed, world);
    const step = live(StepReplica, seed, world);
    const where = `world ${seed}; repeat with\n  ${repeatCommand(seed)}\n`;
    expectSame(macro, step, where);
    const whileHung = toldWhileHung(world, macro);
    const countOf = (what: Told["what"], told = whileHung) => told.filter((one) => one.what === what).length;
    expect([countOf("first"), countOf("completed"), countOf("preempted")], where).toEqual([0, 0, 0]);
    const changes = (world.speeds ?? []).map(({ at }) => at);
    seen.changes += changes.length;
    seen.atWake += changes.filter((at) => step.wakes.includes(at)).length;
    seen.admitted += countOf("admitted");
    seen.cancelled += countOf("cancelled");
    seen.halted += countOf("halted");
    seen.completed += countOf("completed", macro.told);
    seen.preemptions += macro.work.preemptions;
  }, PACED);
  expectEnough(seen.changes, 2 * PACED);
  expectEnough(seen.atWake, PACED / 2);
  expectEnough(seen.admitted, PACED / 8);
  expectEnough(seen.cancelled, PACED / 30);
  expectEnough(seen.halted, PACED / 30);
  expectEnough(seen.completed, PACED);
  expectEnough(seen.preemptions, PACED / 10);
});
