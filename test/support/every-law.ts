// Every law on every world of a family: each world runs once in macro-steps and once step by step, both under all laws
// at the same time, and then each law has its word. Says of a world that breaks one how to see it again.

import { relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { describeViolations, type LawId, type Violation } from "./checker/violations.js";
import { type CheckedRun, compareForms, type RunOptions, runChecked } from "./checker.js";
import { ONE_WORLD } from "./laws.js";
import { GEAR_WORD } from "./mode.js";
import type { WorldFamily } from "./worlds.js";

/** What the laws say, in the order of their numbers. LAW-11 and LAW-13 compare worlds, and have tests of their own. */
const LAWS: readonly (readonly [LawId, string])[] = [
  ["CRASH", "every world runs to its end"],
  ["LAW-1", "attempts, requests and tokens of the result are those of the events"],
  ["LAW-2", "events come in the order of time"],
  ["LAW-3", "every attempt lives in order, and a pool that is down serves nothing"],
  ["LAW-5", "macro-steps are step by step, in every event and in the whole result"],
  ["LAW-6", "policies are shown the declared facts and no more"],
  ["LAW-7", "signals are the pool as it was at their date, no older than stated"],
  ["LAW-8", "nothing waits beside room that its policy would let it take"],
  ["LAW-9", "nothing is shed, overtaken or pushed out by a lower rank"],
  ["LAW-10", "what was let in is settled once, and nothing else"],
  ["LAW-12", "no replica holds more than it has, and all counts of it agree"],
  ["LAW-15", "GPUs in use never exceed the inventory, and every GPU-second is in one state"],
  ["LITTLE", "time averages of the pools are the requests' own times"],
];

/** So many broken worlds tell enough. */
const MOST_BROKEN = 5;

/** The family that a failure named beside its seed: no other has tests then, and a file without it fails. */
const ONE_FAMILY: string | undefined = process.env["SURGEFLEET_SWARM_FAMILY"];

export interface Trial {
  readonly macro: CheckedRun;
  readonly step: CheckedRun;
}

export interface Broken {
  readonly seed: string;
  readonly violations: readonly Violation[];
}

interface TrialOptions {
  /** Sees the world before it begins in macro-steps. */
  readonly watch?: RunOptions["watch"];
  readonly look?: ((trial: Trial) => void) | undefined;
  /** Whether both runs make intervals of their own, which are then compared, too. */
  readonly batches?: boolean;
}

/** What a world breaks, and be it that it is no scenario, cannot be built, or is not what `look` wants to see. */
export function tryWorld(
  { world }: WorldFamily,
  seed: string,
  { watch, look, batches = false }: TrialOptions = {},
): Broken {
  try {
    const scenario = world(seed);
    const macro = runChecked(scenario, seed, { batches, watch });
    const step = runChecked(scenario, seed, { batches, stepByStep: true });
    look?.({ macro, step });
    return { seed, violations: [...macro.violations, ...step.violations, ...compareForms(macro, step)] };
  } catch (error) {
    return { seed, violations: [{ law: "CRASH", at: 0, message: String((error as Error).stack) }] };
  }
}

interface Looks {
  readonly watch?: RunOptions["watch"];
  readonly look?: (trial: Trial) => void;
  /** In which worlds, by their place, runs make intervals of their own. */
  readonly batches?: (place: number) => boolean;
  /** The laws that are asked for; default: all. */
  readonly laws?: readonly LawId[];
}

/** Tries the family's worlds and has a test for each law; `look` sees each trial, of which nothing is kept. */
export function everyLawOf(
  family: WorldFamily,
  { watch, look, batches = () => false, laws }: Looks = {},
): void {
  if (ONE_FAMILY !== undefined && ONE_FAMILY !== family.name) return;
  describe(family.name, () => {
    const broken: Broken[] = [];

    beforeAll(() => {
      const seeds = ONE_WORLD === undefined ? family.seeds : [ONE_WORLD];
      for (const [place, seed] of seeds.entries()) {
        const tried = tryWorld(family, seed, { watch, look, batches: batches(place) });
        const violations = tried.violations.filter(({ law }) => laws?.includes(law) ?? true);
        if (violations.length > 0) broken.push({ seed, violations });
        if (broken.length === MOST_BROKEN) break;
      }
    });

    test.each(LAWS.filter(([law]) => laws?.includes(law) ?? true))("%s: %s", (own) => {
      expect(told(broken, family.name, (law) => law === own)).toBe("");
    });

    const known = new Set(LAWS.map(([law]) => law));
    test("no other law is broken", () => {
      expect(told(broken, family.name, (law) => !known.has(law))).toBe("");
    });
  });
}

/** Which worlds break these laws, how, and with what command each is seen again; empty where none does. */
export function told(broken: readonly Broken[], family: string, isAsked: (law: LawId) => boolean): string {
  const file = relative(process.cwd(), expect.getState().testPath ?? "");
  const texts = broken.flatMap(({ seed, violations }) => {
    const own = violations.filter(({ law }) => isAsked(law));
    if (own.length === 0) return [];
    const words = `${GEAR_WORD}SURGEFLEET_SWARM_FAMILY=${family} SURGEFLEET_SWARM_SEED=${seed}`;
    return [`world ${seed}:\n${describeViolations(own)}\nrepeat with\n  ${words} npx vitest run ${file}`];
  });
  return texts.join("\n\n");
}
