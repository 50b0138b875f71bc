// Limits of an account that come with surgefleet, by name. Rates are per second, as a scenario's are once it is read.
import type { Duration } from "../base/units.js";
import { definitionOf } from "../document/definition.js";

export const LIMIT_PRESETS = [
  {
    name: "fireworks-start",
    summary: "6,000 requests, 3.6M prompt, 900k uncached prompt and 36k generated tokens a minute",
    source: "the starting limits of Fireworks' public rate-limit page",
    limits: {
      requests: { rate: 100, scope: "account" },
      promptTokens: { rate: 60_000 },
      uncachedPromptTokens: { rate: 15_000 },
      generatedTokens: { rate: 600 },
      burst: 60_000_000 as Duration,
    },
  },
] as const;

type LimitPreset = (typeof LIMIT_PRESETS)[number];

export function limitPreset(name: LimitPreset["name"]): LimitPreset["limits"] {
  return definitionOf(LIMIT_PRESETS, name, "limit preset").limits;
}
