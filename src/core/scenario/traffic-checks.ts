// What the keys of traffic demand of each other and of the rest: mixes, token counts, arrivals, an end. Part
// of the cross-checks, and like them it runs on the raw document.

import { asMap, checkName, isMap, listOf, maps, type Raw, type Report, read } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { count, duration, rate, share, showDuration, showShare } from "../document/units.js";
import { quote } from "../document/words.js";
import { MOST_ARRIVALS_PER_SECOND } from "./arrivals.js";
import { lifeOfKey, livingPaths } from "./path-lives.js";
import { POPULATION_KEYS } from "./population-overrides.js";
import { checkInRun } from "./run-length.js";

const anyRate = rate({ to: MOST_ARRIVALS_PER_SECOND });
const anyShare = share();
const anyDuration = duration();
const anyCount = count(0, Number.MAX_SAFE_INTEGER);

/** A path, or two like "a+b", that a source asks for. */
function checkAsked(key: string, paths: unknown, place: Path, report: Report, at?: "key"): void {
  const [first = "", second, ...more] = key.split("+");
  if (more.length > 0 || !checkName(first, paths, "path", place, report, at) || second === undefined) return;
  const isKnown = checkName(second, paths, "path", place, report, at);
  const tier = asMap(asMap(paths)[second])["serviceTier"];
  if (!isKnown || tier !== undefined) return;
  report(place, `path ${quote(second)} has no service tier to ask for`, at && { at });
}

function checkMix(source: Raw, name: "mix" | "subAgentMix", paths: unknown, at: Path, report: Report): void {
  const mix = source[name];
  if (!isMap(mix)) return;
  let sum = 0;
  let isComplete = Object.keys(mix).length > 0;
  for (const [key, value] of Object.entries(mix)) {
    checkAsked(key, paths, [...at, name, key], report, "key");
    const part = read(anyShare, value);
    if (part === undefined) isComplete = false;
    else sum += part;
  }
  if (!isComplete || Math.abs(sum - 1) <= 1e-9) return;
  report([...at, name], `the shares sum to ${showShare(sum)}, not to 100%`, {
    at: "key",
  });
}

type Kind = "process" | "trace" | "workload";

const KINDS: readonly Kind[] = ["workload", "trace", "process"];

/** What makes the source's requests; undefined if its arrivals do not tell, or name two kinds at once. */
function kindOf({ arrivals }: Raw): Kind | undefined {
  if (!isMap(arrivals)) return undefined;
  const [kind, second] = KINDS.filter((one) => Object.hasOwn(arrivals, one));
  if (kind !== undefined) return second === undefined ? kind : undefined;
  return Object.hasOwn(arrivals, "rate") || Object.hasOwn(arrivals, "phases") ? "process" : undefined;
}

function checkLengths(source: Raw, at: Path, report: Report): void {
  const kind = kindOf(source);
  for (const key of ["input", "output"]) {
    const isGiven = Object.hasOwn(source, key);
    if ((kind === "trace" || kind === "workload") && isGiven) {
      report([...at, key], `the token counts come from the ${kind}: remove "${key}"`, { at: "key" });
    }
    if (kind === "process" && !isGiven) report([...at, key], `missing key "${key}"`);
  }
}

/** Keys that a workload brings along, and those that nothing else has a use for. */
function checkWorkload(source: Raw, at: Path, report: Report): void {
  const kind = kindOf(source);
  const { arrivals, accounts } = source;
  if (kind === undefined) return;
  const alien = kind === "workload" ? ["prefix", "cached"] : POPULATION_KEYS;
  for (const key of alien) {
    if (!Object.hasOwn(source, key)) continue;
    const why =
      kind === "workload" ? "a workload has its own" : "only arrivals with a workload have a use for it";
    report([...at, key], `${why}: remove "${key}"`, { at: "key" });
  }
  if (kind !== "workload") return;
  const { rate: given } = asMap(arrivals);
  if (given === undefined) report([...at, "arrivals", "rate"], 'missing key "rate"');
  const most = read(anyCount, asMap(accounts)["count"]);
  if (most !== undefined && most > MOST_ACCOUNTS) {
    report([...at, "accounts", "count"], `a workload's accounts are at most ${MOST_ACCOUNTS}`);
  }
}

/** Keys that earlier versions had, and why they are gone. */
export function checkGoneKeys(document: unknown, report: Report): void {
  for (const [name, source] of maps(asMap(document)["traffic"])) {
    if (!Object.hasOwn(source, "ahead")) continue;
    const why = "a population begins as if it had always been there, with sessions of all ages";
    report(["traffic", name, "ahead"], `${why}: remove "ahead"`, { at: "key" });
  }
}

/** Each has streams and a rate of its own, 14 kB of memory as measured. */
const MOST_ACCOUNTS = 20_000;

function checkFallback(source: Raw, paths: unknown, at: Path, report: Report): void {
  const { fallback } = source;
  if (!Array.isArray(fallback)) return;
  for (const [index, one] of fallback.entries()) {
    const place = [...at, "fallback", index];
    if (isMap(one)) checkName(one["path"], paths, "path", [...place, "path"], report);
    else checkName(one, paths, "path", place, report);
  }
}

/** What moves is asked for, goes elsewhere, and finds there what it looks for. */
function checkMoves(source: Raw, root: Raw, at: Path, report: Report): void {
  const { moves, mix, subAgentMix } = source;
  const paths = livingPaths(root);
  const asked = new Set([...Object.keys(asMap(mix)), ...Object.keys(asMap(subAgentMix))]);
  for (const [index, raw] of listOf(moves).entries()) {
    const { from, to, at: given } = asMap(raw);
    const place: Path = [...at, "moves", index];
    if (typeof from !== "string" || typeof to !== "string") continue;
    checkAsked(from, root["paths"], [...place, "from"], report);
    checkAsked(to, root["paths"], [...place, "to"], report);
    if (from === to) report([...place, "to"], `${quote(to)} is where it comes from`);
    // A trace may name paths of its own.
    if (!asked.has(from) && kindOf(source) !== "trace") {
      const hint = `the source asks for ${[...asked].map(quote).join(", ")}`;
      report([...place, "from"], `nothing asks for ${quote(from)} that could move`, { hint });
    }
    asked.add(to);
    const { launch, retire } = lifeOfKey(to, paths);
    const when = read(anyDuration, given) ?? launch ?? 0;
    const key = Object.hasOwn(asMap(raw), "at") ? "at" : "to";
    if (launch !== undefined && when < launch) {
      const why = `${quote(to)} is launched at ${showDuration(launch)}: what moves before gets a 404`;
      report([...place, key], why);
    } else if (retire !== undefined && when >= retire) {
      report([...place, key], `${quote(to)} is retired at ${showDuration(retire)}`);
    } else if (key === "at") {
      // Without a time of its own it is at a launch, of which that is said.
      checkInRun(root, given, [...place, key], report);
    }
  }
}

/** Reports what does not fit together in the sources of the root map. */
export function checkTraffic(root: Raw, report: Report): void {
  let total = 0;
  let endless: string | undefined;
  for (const [name, source] of maps(root["traffic"])) {
    const at: Path = ["traffic", name];
    checkMix(source, "mix", root["paths"], at, report);
    checkMix(source, "subAgentMix", root["paths"], at, report);
    checkMoves(source, root, at, report);
    checkLengths(source, at, report);
    checkWorkload(source, at, report);
    checkFallback(source, root["paths"], at, report);
    const { spike } = asMap(source["arrivals"]);
    checkInRun(root, asMap(spike)["at"], [...at, "arrivals", "spike", "at"], report);
    const kind = kindOf(source);
    if (kind === "process" || kind === "workload") endless ??= name;
    total += read(anyRate, asMap(source["arrivals"])["rate"]) ?? 0;
  }
  if (total > MOST_ARRIVALS_PER_SECOND) {
    report(["traffic"], `${total} arrivals a second in all: more than ${MOST_ARRIVALS_PER_SECOND}`, {
      at: "key",
    });
  }
  if (endless !== undefined && !Object.hasOwn(root, "duration")) {
    const hint = "only traces end by themselves";
    report(["duration"], `missing key "duration": source "${endless}" never ends`, { hint });
  }
}
