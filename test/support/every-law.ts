// Every law on every world of a family: each world runs once in macro-steps and once step by step, both under all laws
// at the same time, and then each law has its word. Says of a world that breaks one how to see it again.

import { relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { describeViolations, type LawId, type Violation } from "./checker/violations.js";
import { type CheckedRun, compareForms, runChecked } from "./checker.js";
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
  ["LITTLE", "time averages of the pools are the requests' own times"],
];

/** So many broken worlds tell enough. */
const MOST_BROKEN = 5;

export interface Trial {
  readonly seed: string;
  readonly macro: CheckedRun;
  readonly step: CheckedRun;
  readonly violations: readonly Violation[];
}

/** `batches`: whether both runs make intervals of their own, which are then compared, too. */
function tryWorld({ world }: WorldFamily, seed: string, batches = false): Trial {
  const scenario = world(seed);
  const macro = runChecked(scenario, seed, { batches });
  const step = runChecked(scenario, seed, { batches, stepByStep: true });
  const violations = [...macro.violations, ...step.violations, ...compareForms(macro, step)];
  return { seed, macro, step, violations };
}

interface Broken {
  readonly seed: string;
  readonly violations: readonly Violation[];
}

interface Looks {
  readonly look?: (trial: Trial) => void;
  /** In which worlds, by their place, runs make intervals of their own. */
  readonly batches?: (place: number) => boolean;
}

/** Tries the family's worlds and has a test for each law; `look` sees each trial, of which nothing is kept. */
export function everyLawOf(family: WorldFamily, { look, batches = () => false }: Looks = {}): void {
  describe(family.name, () => {
    const broken: Broken[] = [];

    beforeAll(() => {
      const seeds = ONE_WORLD === undefined ? family.seeds : [ONE_WORLD];
      for (const [place, seed] of seeds.entries()) {
        const trial = tryWorld(family, seed, batches(place));
        look?.(trial);
        if (trial.violations.length > 0) broken.push({ seed, violations: trial.violations });
        if (broken.length === MOST_BROKEN) break;
      }
    });

    test.each(LAWS)("%s: %s", (law) => {
      expect(broken.flatMap((world) => told(world, law, family.name)).join("\n\n")).toBe("");
    });

    test("no other law is broken", () => {
      const known = new Set(LAWS.map(([law]) => law));
      const others = broken.flatMap(({ violations }) => violations.filter(({ law }) => !known.has(law)));
      expect(describeViolations(others)).toBe("");
    });
  });
}

function told({ seed, violations }: Broken, law: LawId, family: string): string[] {
  const own = violations.filter((violation) => violation.law === law);
  if (own.length === 0) return [];
  const file = relative(process.cwd(), expect.getState().testPath ?? "");
  const command = `${GEAR_WORD}SURGEFLEET_SWARM_SEED=${seed} npx vitest run ${file} -t "${family}"`;
  return [`world ${seed}:\n${describeViolations(own)}\nrepeat with\n  ${command}`];
}
