// LAW-5: macro-steps are step by step, bit for bit: in a replica on its own, over 10,000 random worlds.
import { expect, test } from "vitest";
import type { Instant } from "../../src/core/base/units.js";
import { Phase } from "../../src/core/kernel/phase.js";
import { MacroReplica } from "../../src/core/replica/batching/macro-replica.js";
import { StepReplica } from "../../src/core/replica/batching/step-replica.js";
import type { ReplicaWork } from "../../src/core/replica/replica.js";
import { openStream } from "../../src/core/random/stream.js";
import { ReplicaRun } from "../conformance/replica-run.js";
import { expectEnough, forWorlds, repeatCommand } from "../support/laws.js";
import { type RandomReplica, randomReplica } from "../support/random-replica.js";

const WORLDS = 10_000;

interface Life {
  readonly log: string[];
  readonly work: ReplicaWork;
}

/** Everything that anyone can see of a replica, in the order in which it is seen. */
function live(Form: typeof MacroReplica | typeof StepReplica, seed: string, world: RandomReplica): Life {
  const options = { ...world.options, chance: openStream(seed, "acceptance") };
  const run = new ReplicaRun((clock, listener) => new Form(options, clock, listener));
  const log: string[] = [];
  run.admitsInside = world.admitsInside;
  for (const { at, work } of world.arrivals) run.arrive(at, work);
  for (const { at, id } of world.cancels) run.cancelAt(at, id);
  for (const at of world.probes) for (const phase of [Phase.control, Phase.sample]) run.probeAt(at, phase);
  run.cancelled = (id, generated, now) => log.push(`${now} cancelled ${id} after ${generated}`);
  const look = (now: Instant) => {
    const { replica, inside } = run;
    const fits = world.arrivals.map(({ work }) => {
      const asked = { ...ALONE, ...work };
      return `${replica.fits(asked, now) ? 1 : 0}/${replica.cacheHit(asked, now)}`;
    });
    const generated = inside.map((id) => `${id}:${replica.generated(id, now)}`);
    return [replica.slotsBusy, replica.openings, replica.kvUsed(now), replica.kvPeak(now), fits, generated].join(" ");
  };
  run.probed = (now) => log.push(`${now} ${look(now)}`);
  run.run();
  const told = run.log.map(({ what, id, at }) => `${at} ${what} ${id}`);
  return { log: [...told, ...log, look((run.log.at(-1)?.at ?? 0) as Instant)], work: run.replica.work };
}

const ALONE = { cachedTokens: 0, rank: 0, prefix: -1, prefixTokens: 0, session: -1, sharedTokens: 0 };

test(`LAW-5: a replica in macro-steps is the replica step by step, in ${WORLDS} worlds`, () => {
  const seen = { preemptions: 0, hits: 0, drafts: 0, skipped: 0, cancelled: 0 };
  forWorlds((seed) => {
    const world = randomReplica(seed);
    const macro = live(MacroReplica, seed, world);
    const step = live(StepReplica, seed, world);
    const where = `world ${seed}; repeat with\n  ${repeatCommand(seed)}\n`;
    expect(macro.log, where).toEqual(step.log);
    const { epochs, ...work } = macro.work;
    const { epochs: steps, ...reference } = step.work;
    expect(work, where).toEqual(reference);
    expect(epochs, where).toBeLessThanOrEqual(steps);
    seen.preemptions += work.preemptions;
    seen.drafts += world.options.profile.tokensPerSequence > 1 ? 1 : 0;
    seen.skipped += steps - epochs;
    seen.cancelled += world.cancels.length;
  }, WORLDS);
  expectEnough(seen.preemptions, 1000);
  expectEnough(seen.drafts, 1000);
  expectEnough(seen.skipped, 100_000);
  expectEnough(seen.cancelled, 1000);
});
