// What the keys of a scenario demand of each other: names that must exist, sums that must fit, keys that need
// or exclude one another. Runs on the raw tree, so that it speaks even where another part is malformed, and
// skips whatever is malformed itself: that is the schema's to report.
import type { Duration, Instant } from "../base/units.js";
import { checkNamed } from "../document/definition.js";
import { asMap, checkName, isMap, listOf, maps, type Raw, type Report, read } from "../document/raw.js";
import { duration, showDuration } from "../document/units.js";
import { quote } from "../document/words.js";
import { ALL_TIERS, parseThreshold, UNROUTED } from "../results/verdict/threshold.js";
import { FAULTS } from "../server/fleet/faults/registry.js";
import { accountProblems } from "./account-names.js";
import { checkCached } from "./cache-checks.js";
import { checkCapacity, instancesAt, statedPool } from "./capacity-checks.js";
import { checkDetours } from "./detour-checks.js";
import { checkFleet } from "./fleet-checks.js";
import { checkLimits } from "./limit-checks.js";
import { checkLives, poolLives } from "./path-lives.js";
import { checkPolicies } from "./policy-checks.js";
import { checkInRun } from "./run-length.js";
import { checkTraffic } from "./traffic-checks.js";

const anyDuration = duration();

function checkPools(root: Raw, report: Report): void {
  const { pools, paths, outages } = root;
  for (const [name, path] of maps(paths)) {
    checkName(path["pool"], pools, "pool", ["paths", name, "pool"], report);
  }
  for (const [index, outage] of listOf(outages).entries()) {
    const { pool, from } = asMap(outage);
    checkName(pool, pools, "pool", ["outages", index, "pool"], report);
    checkInRun(root, from, ["outages", index, "from"], report);
  }
}

/** What faults name has to be there, as much of it as they say. */
function checkFaults(root: Raw, report: Report): void {
  const { pools, inventory } = root;
  const lives = poolLives(root);
  const instancesOf = (pool: string, at: Instant) =>
    instancesAt(lives.get(pool), statedPool(asMap(asMap(pools)[pool])), at);
  for (const [name, fault] of maps(root["faults"])) {
    const at = ["faults", name];
    checkNamed(FAULTS, "fault", fault, at, { pools, inventory, instancesOf }, report);
    checkInRun(root, fault["at"], [...at, "at"], report);
  }
}

/** The names of rows that every result has beside its paths. */
const RESERVED = [ALL_TIERS, UNROUTED];

function checkPathNames(root: Raw, report: Report): void {
  for (const [name] of maps(root["paths"])) {
    if (!RESERVED.includes(name)) continue;
    report(["paths", name], `results have a row of their own called ${quote(name)}`, { at: "key" });
  }
}

function checkSameAddress(root: Raw, report: Report): void {
  const owners = new Map<string, string>();
  for (const [name, path] of maps(root["paths"])) {
    const { model, serviceTier } = path;
    if (typeof model !== "string") continue;
    const address = JSON.stringify([model, serviceTier]);
    const owner = owners.get(address);
    if (owner === undefined) owners.set(address, name);
    else {
      const tier = serviceTier === undefined ? "no service tier" : `service tier ${quote(serviceTier)}`;
      const message = `same model and tier as path "${owner}" (${quote(model)}, ${tier})`;
      report(["paths", name], message, { hint: "a request could go to either", at: "key" });
    }
  }
}

const MOST_BINS = 10_000_000;

function checkTimes(root: Raw, report: Report): void {
  const length = read(anyDuration, root["duration"]);
  if (length === undefined || length === 0) return;
  const warmup = read(anyDuration, root["warmup"]);
  if (warmup !== undefined && warmup >= length) {
    report(["warmup"], `warmup must be shorter than duration (${showDuration(length)})`);
  }
  const checked = read(anyDuration, asMap(root["check"])["duration"]);
  if (checked !== undefined && warmup !== undefined && checked <= warmup) {
    report(["check", "duration"], `check must run for longer than the warm-up (${showDuration(warmup)})`);
  }
  const trigger = read(anyDuration, asMap(root["trigger"])["from"]);
  if (trigger !== undefined && trigger >= length) {
    report(["trigger", "from"], `the trigger must begin before the run ends (${showDuration(length)})`);
  }
  const interval = read(anyDuration, asMap(root["sampling"])["interval"]) ?? (1_000_000 as Duration);
  if (interval > 0 && length / interval > MOST_BINS) {
    const least = showDuration(Math.ceil(length / MOST_BINS));
    const message = `the time series would have more than ${MOST_BINS} bins`;
    report(["sampling", "interval"], `${message}: the interval must be at least ${least}`);
  }
}

function checkThresholds(root: Raw, report: Report): void {
  const known = {
    tiers: Object.keys(asMap(root["paths"])),
    sources: Object.keys(asMap(root["traffic"])),
    accountProblem: accountProblems(root["traffic"]),
  };
  for (const [metric, given] of Object.entries(asMap(root["thresholds"]))) {
    const isList = Array.isArray(given);
    for (const [index, one] of (isList ? given : [given]).entries()) {
      const expression = isMap(one) ? one["threshold"] : one;
      if (isMap(one) && Object.hasOwn(one, "delayAbortEval") && one["abortOnFail"] !== true) {
        const at = ["thresholds", metric, ...(isList ? [index] : []), "delayAbortEval"];
        report(at, "only abortOnFail: true uses this", { at: "key" });
      }
      if (typeof expression !== "string") continue;
      const parsed = parseThreshold(metric, expression, known);
      if (parsed.ok) continue;
      const within = isMap(one) ? ["threshold"] : [];
      report(["thresholds", metric, ...(isList ? [index] : []), ...within], parsed.problem);
    }
  }
}

/** Reports everything that is wrong between the keys of a raw document. */
export function crossCheck(document: unknown, report: Report): void {
  const root = asMap(document);
  checkPools(root, report);
  checkFaults(root, report);
  checkPolicies(root, report);
  checkDetours(root, report);
  checkCapacity(root, report);
  checkFleet(root, report);
  checkSameAddress(root, report);
  checkPathNames(root, report);
  checkLives(root, report);
  checkTraffic(root, report);
  checkTimes(root, report);
  checkLimits(root, report);
  checkCached(root, report);
  checkThresholds(root, report);
}
