import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Instant, seconds } from "../../../../../src/core/base/units.js";
import { SessionKind } from "../../../../../src/core/demand/traffic/population/session-starts.js";
import { ChatPlan } from "../../../../../src/core/demand/traffic/sessions/chat-plan.js";
import { chatLifetimes, nominalSeconds } from "../../../../../src/core/demand/traffic/sessions/lifetimes.js";
import type { ThreadPlan } from "../../../../../src/core/demand/traffic/sessions/plan.js";
import { CHAT } from "../../../../../src/core/demand/traffic/sessions/spec.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { gear } from "../../../../support/mode.js";

const LIMITS = { maxInput: 100_000, maxOutput: 10_000, inputOffset: 0, outputOffset: 0, prefixTokens: 0 };
const RATES = { shape: {}, swings: [], flash: undefined };
const PER_SECOND = 0.05;

function startsOf(seed: string) {
  const kind = new SessionKind(chatLifetimes(CHAT), (...given) => new ChatPlan(CHAT, ...given));
  return kind.startsOf({
    rates: RATES,
    perSecond: PER_SECOND,
    limits: LIMITS,
    until: seconds(3600) as number as Instant,
    own: (purpose) => openStream(seed, purpose),
  });
}

function lasts(plan: ThreadPlan): number {
  let total = 0;
  while (plan.next()) total += plan.gap + nominalSeconds(plan.outputTokens);
  return total;
}

/** Ages of the sessions that are in progress at the start, and how many had to be gone through. */
function inProgress(seed: string): { ages: number[]; tried: number } {
  const { nextEarlier } = startsOf(seed);
  const ages: number[] = [];
  let [tried, before] = [0, 0];
  for (let next = nextEarlier(); next !== undefined; next = nextEarlier()) {
    expect(next.ago).toBeGreaterThanOrEqual(before);
    before = next.ago;
    tried++;
    if (lasts(next.plan(openStream(seed, `before-${tried}`))) > next.ago) ages.push(next.ago);
  }
  return { ages, tried };
}

describe("sessions that began before the start", () => {
  const RUNS = gear(60, 400);
  const runs = Array.from({ length: RUNS }, (_, index) => inProgress(`${index}`));

  it("are as many in progress as the rate times how long they last", () => {
    const counts = runs.map(({ ages }) => ages.length);
    const expected = PER_SECOND * chatLifetimes(CHAT).mean;
    // A Poisson number.
    expect(Math.abs(mean(counts) - expected)).toBeLessThan(4 * Math.sqrt(expected / RUNS));
  });

  it("have the age of what one comes upon: by the chance to last so long", () => {
    const ages = runs.flatMap((run) => run.ages);
    const stream = openStream("1", "whole");
    const whole = Array.from({ length: 8000 }, () => lasts(new ChatPlan(CHAT, stream, LIMITS)));
    const total = whole.reduce((sum, one) => sum + one, 0);
    for (const age of [60, 600, 3600]) {
      const older = whole.reduce((sum, one) => sum + Math.max(0, one - age), 0) / total;
      const found = ages.filter((one) => one > age).length / ages.length;
      expect(Math.abs(found - older)).toBeLessThan(4 * Math.sqrt((older * (1 - older)) / ages.length) + 0.02);
    }
  });

  it("are hardly ever gone through in vain", () => {
    const tried = runs.reduce((sum, run) => sum + run.tried, 0);
    expect(tried).toBeLessThan(2 * runs.reduce((sum, run) => sum + run.ages.length, 0));
  });
});
