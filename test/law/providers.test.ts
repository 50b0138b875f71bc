// Providers in random worlds: every law holds under all of them, fallbacks on a cause included, and the checker's own
// books know each status. What a provider says changes nothing but what callers make of it: to those who take a refusal
// for an answer everything happens as before.
import { expect, test } from "vitest";
import type { SliceResult } from "../../src/core/results/metrics/tier.js";
import type { ScenarioInput } from "../../src/core/scenario/schema.js";
import { PROVIDERS } from "../../src/core/server/gateway/providers/registry.js";
import { runChecked, runUnwatched } from "../support/checker.js";
import { expectEnough, expectNone, forWorlds } from "../support/laws.js";
import { gear } from "../support/mode.js";
import { randomScenario } from "../support/random-scenario.js";
import { withSources } from "../support/world-changes.js";

const WORLDS = gear(PROVIDERS.length, PROVIDERS.length * 20);

/** A provider for each world in turn. */
function providersInTurn(): () => (typeof PROVIDERS)[number]["name"] {
  let turn = 0;
  return () => PROVIDERS[turn++ % PROVIDERS.length]!.name;
}

/** Fallbacks that go by what a refusal reads as, where the world has some. */
function onCauses(scenario: ScenarioInput): ScenarioInput {
  const traffic = Object.entries(scenario.traffic).map(([name, source]) => {
    const { fallback = [] } = source;
    const causes = [["overloaded"], ["rate_limited", "timed_out"]] as const;
    const named = fallback.map((path, place) => ({ path: String(path), on: [...causes[place % 2]!] }));
    return [name, { ...source, fallback: named }];
  });
  return { ...scenario, traffic: Object.fromEntries(traffic) };
}

test("every law holds under every provider, whatever it answers", () => {
  const next = providersInTurn();
  let refused = 0;
  let misread = 0;
  forWorlds((seed) => {
    const { result, violations } = runChecked({ ...onCauses(randomScenario(seed)), provider: next() }, seed);
    expectNone(violations, seed);
    refused += Object.values(result!.all.statuses).reduce((sum, count) => sum + count, 0);
    misread += result!.all.misread;
  }, WORLDS);
  expectEnough(refused, 300);
  expectEnough(misread, 30);
});

/** All that a result says of a slice, but for what callers saw. */
function withoutSeen({ statuses: _, misread: __, misreadRate: ___, ...rest }: SliceResult): unknown {
  return rest;
}

test("to callers who take a refusal for an answer everything happens as before", () => {
  const next = providersInTurn();
  let others = 0;
  forWorlds((seed) => {
    const quiet = withSources(randomScenario(seed), { client: "none", fallback: [] });
    const known = (provider: ScenarioInput["provider"]) =>
      runUnwatched({ ...quiet, provider: provider! }, seed);
    const usual = known("fireworks");
    const under = known({ preset: next(), unknownTier: "default" });
    expect(withoutSeen(under.all)).toEqual(withoutSeen(usual.all));
    expect(under.tiers.map(withoutSeen)).toEqual(usual.tiers.map(withoutSeen));
    expect(usual.all.misread).toBe(0);
    if (JSON.stringify(under.all.statuses) !== JSON.stringify(usual.all.statuses)) others++;
  }, WORLDS);
  expectEnough(others, WORLDS / 4);
});
