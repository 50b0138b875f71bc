// Every law where models are launched and retired under way, launches are spikes and traffic moves from one model to
// another. The laws that compare worlds try such worlds in files of their own.
import { test } from "vitest";
import { everyLawOf } from "../support/every-law.js";
import { expectEnough } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { modelLifeScenario } from "../support/model-life-worlds.js";
import { seedsOf } from "../support/worlds.js";

const WORLDS = gear(25, 1000);
const seen = { unknown: 0, served: 0, moving: 0, spikes: 0 };

everyLawOf(
  { name: "model-life", seeds: seedsOf("model-life", WORLDS), world: modelLifeScenario },
  {
    look: ({ macro: { result } }) => {
      if (result === undefined) return;
      if ((result.all.reasons.unknown_model ?? 0) > 0) {
        seen.unknown++;
        if (result.all.outcomes.completed > 0) seen.served++;
      }
    },
  },
);

test("models are missing in some worlds that serve something, and traffic moves", () => {
  for (const seed of seedsOf("model-life", WORLDS)) {
    const sources = Object.values(modelLifeScenario(seed).traffic);
    if (sources.some(({ moves }) => moves !== undefined)) seen.moving++;
    if (sources.some(({ arrivals }) => "spike" in arrivals)) seen.spikes++;
  }
  expectEnough(seen.unknown, WORLDS / 3);
  expectEnough(seen.served, WORLDS / 4);
  expectEnough(seen.moving, WORLDS / 3);
  expectEnough(seen.spikes, WORLDS / 8);
});
