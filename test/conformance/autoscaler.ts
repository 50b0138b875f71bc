// What every autoscaler must keep to, whatever it goes by. Each law takes one that it can make as often as it likes, runs
// it in closed loop with a fluid (test/support/fluid-pool.ts) and says what is wrong, so that autoscaler.test.ts can run
// the laws over all definitions, and show that broken ones are caught.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScalingView } from "../../src/core/server/fleet/control/autoscalers/view.js";
import { AVAILABLE, CONTEXT, type Decision, runFluid, type Scaled, SERVICE } from "../support/fluid-pool.js";
import { gear } from "../support/mode.js";

type Make = () => Scaled;

const HOUR = 3600;
const LOADS = gear([0.2, 3, 20], [0.2, 1, 3, 7, 20, 40]);
/** Sequences inside in the long run that a replica holds at most. */
const { slots } = CONTEXT;

const last = (run: readonly Decision[]) => run.at(-1)!;
const wantedIn = (run: readonly Decision[]) => run.map(({ wanted }) => wanted);

/** Of the laws that ask for the same runs. */
const constant = new WeakMap<Make, Map<number, readonly Decision[]>>();

/** Constant load for long enough that the slowest default has settled. */
function atConstant(make: Make, load: number): readonly Decision[] {
  const runs = constant.get(make) ?? new Map<number, readonly Decision[]>();
  constant.set(make, runs);
  const run = runs.get(load) ?? runFluid(make(), { load: () => load, seconds: 1.5 * HOUR, replicas: 1 });
  runs.set(load, run);
  return run;
}

const stretch = fc.record({
  seconds: fc.integer({ min: 10, max: 600 }),
  load: fc.double({ min: 0, max: 30, noNaN: true }),
});
const changing = fc.array(stretch, { minLength: 1, maxLength: 6 });

/** Load in stretches, the last of which goes on. */
function loadOf(stretches: readonly { readonly seconds: number; readonly load: number }[]) {
  return (second: number): number => {
    let until = 0;
    for (const { seconds, load } of stretches) {
      until += seconds;
      if (second < until) return load;
    }
    return stretches.at(-1)!.load;
  };
}

/** What a view was asked about at most, in microseconds. */
function watched() {
  const asked = { window: 0 };
  const noted = (window: number) => {
    asked.window = Math.max(asked.window, window);
    return window;
  };
  const watch = (view: ScalingView): ScalingView => ({
    now: view.now,
    wanted: view.wanted,
    latest: Object.freeze(view.latest),
    mean: (level, window) => view.mean(level, noted(window)),
    rate: (count, window) => view.rate(count, noted(window)),
    counted: (window) => view.counted(noted(window)),
  });
  return { asked, watch };
}

/** By what they say: undefined where the law holds, or what is wrong. */
export const AUTOSCALER_LAWS = {
  "LAW-4: decides the same in the same world": (make: Make) => {
    const stretches = fc.sample(changing, { seed: 3, numRuns: gear(2, 10) });
    const differ = stretches.some((one) => {
      const [first, again] = [0, 0].map(() =>
        wantedIn(runFluid(make(), { load: loadOf(one), seconds: 1200 })).join(),
      );
      return first !== again;
    });
    return differ ? "two runs differ" : undefined;
  },
  "keeps to its bounds and to what there is": (make: Make) => {
    const { min, max = AVAILABLE } = make().knobs;
    const stretches = fc.sample(changing, { seed: 4, numRuns: gear(3, 20) });
    // Whatever there is as it begins.
    const wanted = stretches.flatMap((one, index) => {
      const replicas = [min, 0, AVAILABLE][index % 3]!;
      return wantedIn(runFluid(make(), { load: loadOf(one), seconds: 1200, replicas }));
    });
    const outside = wanted.find(
      (one) => !Number.isInteger(one) || one < min || one > Math.min(max, AVAILABLE),
    );
    return outside === undefined ? undefined : `wants ${outside}, of ${min} to ${max}`;
  },
  "LAW-7: asks about no longer a window than it says, and changes nothing of what it sees": (make: Make) => {
    const { asked, watch } = watched();
    const stretches = fc.sample(changing, { seed: 5, numRuns: gear(2, 10) });
    for (const one of stretches) runFluid(make(), { load: loadOf(one), seconds: 1200, watch });
    const { looksBack } = make().scaler;
    return asked.window > looksBack ? `asks about ${asked.window} of ${looksBack} us` : undefined;
  },
  "settles at a constant load, and stays": (make: Make) => {
    const unsettled = LOADS.find((load) => {
      const run = atConstant(make, load);
      return new Set(wantedIn(run.slice(-Math.ceil(run.length / 3)))).size > 1;
    });
    return unsettled === undefined ? undefined : `goes on changing at ${unsettled}/s`;
  },
  "has enough for a load that it has had for long": (make: Make) => {
    const short = LOADS.find((load) => last(atConstant(make, load)).ready * slots < load * SERVICE);
    return short === undefined ? undefined : `has too few at ${short}/s`;
  },
  "ends with no fewer for more load": (make: Make) => {
    const ends = LOADS.map((load) => last(atConstant(make, load)).wanted);
    const isSorted = ends.every((one, index) => index === 0 || one >= ends[index - 1]!);
    return isSorted ? undefined : `ends with ${ends.join(", ")} at ${LOADS.join(", ")}/s`;
  },
  "goes to its minimum without load": (make: Make) => {
    const load = (second: number) => (second < HOUR / 2 ? 5 : 0);
    const { wanted } = last(runFluid(make(), { load, seconds: 3 * HOUR }));
    return wanted === make().knobs.min ? undefined : `ends with ${wanted}`;
  },
  "comes back from zero as soon as it has seen something": (make: Make) => {
    const { knobs } = make();
    if (knobs.min > 0) return undefined;
    const load = (second: number) => (second < 100 ? 0 : 1);
    // Whether it waits for a replica or is shed.
    for (const waits of [true, false]) {
      const run = runFluid(make(), { load, seconds: 300, waits });
      if (run.some(({ second, wanted }) => second < 100 && wanted > 0)) return "starts one for nothing";
      const back = run.find(({ second, wanted }) => second >= 100 && wanted > 0);
      // A poll of 30 s is the slowest, and a start takes a minute.
      if (back === undefined || back.second > 100 + 60) return `is back at ${back?.second ?? "no time"}`;
      if (last(run).ready === 0) return "gives up what it had started";
    }
    return undefined;
  },
} as const satisfies Record<string, (make: Make) => string | undefined>;

export type AutoscalerLaw = keyof typeof AUTOSCALER_LAWS;

/** `except`: laws that it cannot keep, each with the reason. */
export function autoscalerContract(
  name: string,
  make: Make,
  except: Readonly<Partial<Record<AutoscalerLaw, string>>> = {},
): void {
  describe(`autoscaler ${name}`, () => {
    for (const [law, problem] of Object.entries(AUTOSCALER_LAWS) as [
      AutoscalerLaw,
      (make: Make) => unknown,
    ][])
      it.skipIf(law in except)(law, () => {
        expect(problem(make)).toBeUndefined();
      });
  });
}
