// The random scripts that every replica is run by, and what must hold of it after every event of one.
import fc from "fast-check";
import { NONE } from "../../src/core/base/none.js";
import type { Instant } from "../../src/core/base/units.js";
import { gear } from "../support/mode.js";
import { aloneWork, type CreateReplica, ReplicaRun, type ScriptedWork } from "./replica-run.js";

interface ScriptedLife extends ScriptedWork {
  readonly gap: number;
  /** Microseconds after its arrival. */
  readonly cancelAfter: number | undefined;
}

export interface Script {
  readonly works: readonly ScriptedLife[];
  readonly admitsInside: boolean;
}

// Short gaps and a few very short outputs, so that sequences meet at the same boundaries.
export const scripts = (kvMost: number): fc.Arbitrary<Script> => {
  const tokens = fc.integer({ min: 1, max: Math.floor(kvMost / 2) });
  const work = fc
    .record({
      gap: fc.oneof(fc.constant(0), fc.nat({ max: 30_000 })),
      inputTokens: tokens,
      cachedShare: fc.constantFrom(0, 0, 0.5, 1),
      outputTokens: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }), tokens),
      cancelAfter: fc.option(fc.nat({ max: 300_000 }), { nil: undefined, freq: 2 }),
      rank: fc.nat({ max: 2 }),
      prefix: fc.constantFrom(NONE, 0, 1),
      session: fc.constantFrom(NONE, 0, 1),
      sharedShare: fc.constantFrom(0.5, 0.9, 1),
    })
    .map(({ cachedShare, sharedShare, ...rest }) => ({
      ...rest,
      cachedTokens: Math.floor(rest.inputTokens * cachedShare),
      prefixTokens: rest.prefix === NONE ? 0 : Math.min(rest.inputTokens, 20 + 30 * rest.prefix),
      sharedTokens: rest.session === NONE ? 0 : Math.floor(rest.inputTokens * sharedShare),
    }));
  return fc.record({ works: fc.array(work, { minLength: 1, maxLength: 25 }), admitsInside: fc.boolean() });
};

/** `later` says when comes what comes at an instant. */
export function prepare(create: CreateReplica, script: Script, later = (at: number) => at): ReplicaRun {
  const run = new ReplicaRun(create);
  run.admitsInside = script.admitsInside;
  let at = 0;
  for (const { gap, cancelAfter, ...work } of script.works) {
    at += gap;
    const id = run.arrive(later(at), work);
    if (cancelAfter !== undefined) run.cancelAt(later(at + cancelAfter), id);
  }
  return run;
}

export const SMALLEST = aloneWork({ inputTokens: 1, outputTokens: 1 });

/** The law that the replica breaks after an event, if any. */
export function brokenLaw(run: ReplicaRun, now: Instant): string | undefined {
  const { replica, inside } = run;
  const used = replica.kvUsed(now);
  if (used < 0 || used > replica.kvTokens) return "LAW-12: what is in use is there";
  if (inside.length === 0 && used !== 0) return "an empty replica uses no memory";
  const peak = replica.kvPeak(now);
  if (Number.isFinite(replica.kvTokens) && (peak < used || peak > replica.kvTokens)) return "peak";
  if (run.alarms > 1) return "a replica has one alarm in the kernel";
  if (replica.slotsBusy !== inside.length || inside.length > replica.slots) return "slots";
  if (replica.openings < 0 || replica.openings > replica.slots - inside.length) return "openings";
  const next = run.nextWaiting ?? SMALLEST;
  const fits = replica.fits(next, now);
  if (fits && replica.openings === 0) return "a sequence joins through an opening";
  if (fits && run.nextWaiting !== undefined) return "LAW-8: a change that makes room is reported";
  if (replica.cacheHit(next, now) > next.inputTokens) return "no prompt has more cached than it has tokens";
  const wrong = inside.find((id) => {
    const generated = replica.generated(id, now);
    const mayHave = run.timeOf("first", id) === undefined ? 0 : run.workOf(id).outputTokens;
    const mustHave = run.timeOf("first", id) === undefined ? 0 : 1;
    return !Number.isInteger(generated) || generated < mustHave || generated > mayHave;
  });
  return wrong === undefined ? undefined : "LAW-3: tokens come with the first token and end with the last";
}

export const SEEDED = { seed: 1, numRuns: gear(30, 150) };
