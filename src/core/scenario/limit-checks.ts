// What the keys of limits demand of each other and of the rest of a scenario: what belongs to one kind of limit alone,
// paths that must exist, limits under which no request could ever pass.
import { definitionOf } from "../document/definition.js";
import { asMap, checkName, isMap, maps, type Raw, type Report } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { choices } from "../document/words.js";
import { DIMENSIONS, type Dimension } from "../server/gateway/accounts/limit-sets.js";
import { OUTPUT_ACCOUNTINGS } from "../server/gateway/accounts/output-accounting.js";
import { METERS } from "../server/gateway/accounts/registry.js";
import type { DimensionLimits, Limits } from "./resolve-limits.js";
import type { Scenario } from "./schema.js";

const EXPECTING = choices(
  OUTPUT_ACCOUNTINGS.filter(({ charges }) => charges === "expected").map(({ name }) => name),
);
const BURSTING = choices(METERS.filter(({ hasBurst }) => hasBurst).map(({ name }) => name));

/** On the raw tree: skips what is malformed, which is the schema's to report. */
export function checkLimits(root: Raw, report: Report): void {
  const limits = asMap(root["limits"]);
  checkExpectedOutput(limits, report);
  checkDimensions(limits, limits, ["limits"], report);
  for (const [path, own] of Object.entries(asMap(limits["paths"]))) {
    checkName(path, root["paths"], "path", ["limits", "paths", path], report, "key");
    if (!isMap(own)) continue;
    checkDimensions(own, limits, ["limits", "paths", path], report);
    if (Object.keys(own).length === 0) report(["limits", "paths", path], "limits nothing", { at: "key" });
  }
  checkCommon(limits, report);
  if (isMap(limits["paths"]) && Object.keys(limits["paths"]).length === 0) {
    report(["limits", "paths"], "names no path: name one, or remove the key");
  }
  checkAdaptive(limits, report);
}

function checkExpectedOutput(limits: Raw, report: Report): void {
  const accounting = OUTPUT_ACCOUNTINGS.find(({ name }) => name === limits["outputAccounting"]);
  const isExpected = accounting?.charges === "expected";
  const isGiven = Object.hasOwn(limits, "expectedOutput");
  const path: Path = ["limits", "expectedOutput"];
  if (isExpected && !isGiven) report(path, `missing key "expectedOutput": ${accounting.name} charges it`);
  if (isGiven && !isExpected) report(path, `only outputAccounting: ${EXPECTING} uses this`, { at: "key" });
}

/** The stated dimensions of a part. */
const stated = (part: Raw): [Dimension, Raw][] =>
  DIMENSIONS.flatMap((name) =>
    part[name] === undefined ? [] : [[name, asMap(part[name])] satisfies [Dimension, Raw]],
  );

/** Whether the kind that a limit names, itself or with all others, has a burst. */
function hasBurst(limit: Raw, limits: Raw): boolean {
  const window = limit["window"] ?? limits["window"] ?? METERS[0].name;
  return METERS.find(({ name }) => name === window)?.hasBurst ?? true;
}

function checkDimensions(part: Raw, limits: Raw, at: Path, report: Report): void {
  for (const [name, limit] of stated(part)) {
    const isWindow = !hasBurst(limit, limits);
    if (isWindow && Object.hasOwn(limit, "burst")) {
      report([...at, name, "burst"], `only window: ${BURSTING} uses this`, { at: "key" });
    }
    const isGrowing = part === limits && isMap(limits["adaptive"]);
    if (isGrowing && Object.hasOwn(limit, "soft")) {
      report([...at, name, "soft"], "adaptive limits have softFactor and hardFactor for this", { at: "key" });
    }
  }
}

/** What holds for limits that do not say it themselves, where all do. Those of a preset never do. */
function checkCommon(limits: Raw, report: Report): void {
  const parts = [limits, ...maps(limits["paths"]).map(([, own]) => own)];
  const all = parts.flatMap((part) => stated(part).map(([, limit]) => limit));
  const isOfPreset = limits["preset"] !== undefined;
  const isIdle = Object.hasOwn(limits, "burst") && !hasBurst({}, limits);
  if (isIdle && !all.some((limit) => hasBurst(limit, limits))) {
    report(["limits", "burst"], `only window: ${BURSTING} uses this`, { at: "key" });
  }
  const hasQuotas = parts.some((part) => Object.hasOwn(part, "quotas"));
  if (Object.hasOwn(limits, "startsAt") && !hasQuotas) {
    report(["limits", "startsAt"], "only quotas go by the calendar", { at: "key" });
  }
  if (all.length === 0 && !isOfPreset) {
    // A ramp charges prompts, and is of no window; neither is a quota.
    const ofAny = isMap(limits["ramp"]) || hasQuotas ? [] : ["chargeShed"];
    const ofTokens = hasQuotas ? [] : ["outputAccounting"];
    const idle = ["burst", ...ofTokens, ...ofAny].filter((key) => Object.hasOwn(limits, key));
    for (const key of idle) report(["limits", key], "there is no limit that it is of", { at: "key" });
  }
  const isKind = METERS.some(({ name }) => name === limits["window"]);
  if (isKind && !isOfPreset && all.every((limit) => Object.hasOwn(limit, "window"))) {
    const what = all.length === 0 ? "there is no limit that it is of" : "every limit states its own";
    report(["limits", "window"], what, { at: "key" });
  }
}

function checkAdaptive(limits: Raw, report: Report): void {
  const { adaptive, preset } = limits;
  if (!isMap(adaptive)) return;
  if (stated(limits).length === 0 && preset === undefined) {
    report(["limits", "adaptive"], "there is no limit that could grow", { at: "key" });
  }
}

/** On the scenario, where presets and defaults are filled in. */
export function checkResolvedLimits({ limits, paths, traffic }: Scenario, report: Report): void {
  checkCauses(limits, paths, report);
  if (limits === undefined) return;
  checkSmall(limits, report);
  checkCeiling(limits, report);
  for (const [at, part] of partsOf(limits)) {
    checkReserved(at, part, limits, traffic, report);
    checkQuotas(at, part, limits, traffic, report);
  }
}

type Part = Pick<Limits, Dimension | "quotas">;

/** The limits of whole accounts and models, and those of paths. */
function partsOf(limits: Limits): [Path, Part][] {
  const ofPaths = Object.entries(limits.paths ?? {});
  return [
    [["limits"], limits],
    ...ofPaths.map(([path, own]): [Path, Part] => [["limits", "paths", path], own]),
  ];
}

/** Reports detours that are for nothing but limits that there are not. */
function checkCauses(limits: Limits | undefined, paths: Scenario["paths"], report: Report): void {
  const isSoft = limits !== undefined && hasSoft(limits);
  for (const [name, { instead }] of Object.entries(paths)) {
    for (const [index, { on }] of instead.entries()) {
      const isFor = (cause: string) =>
        (cause !== "limit" || limits !== undefined) && (cause !== "soft-limit" || isSoft);
      if (on.some(isFor)) continue;
      const isForSoft = on.some((cause) => cause === "soft-limit");
      const what = isForSoft
        ? "no limit is soft here: state `soft` with one, or limits.adaptive"
        : "there are no limits";
      report(["paths", name, "instead", index, "on"], what);
    }
  }
}

function hasSoft(limits: Limits): boolean {
  const { adaptive } = limits;
  if (adaptive !== undefined && adaptive.softFactor < adaptive.hardFactor) return true;
  return partsOf(limits).some(([, part]) => DIMENSIONS.some((name) => part[name]?.soft !== undefined));
}

/** What never lets anything in. */
function checkSmall(limits: Limits, report: Report): void {
  for (const [at, part] of partsOf(limits)) {
    for (const name of DIMENSIONS) {
      const limit = part[name];
      if (limit === undefined) continue;
      const isGrowing = part === limits && limits.adaptive !== undefined;
      const factor = isGrowing ? limits.adaptive.hardFactor : 1;
      const holds = factor * (limit.window === undefined ? limit.burst : limit.rate * 60);
      if (holds >= 1 - 1e-9) continue;
      const what = limit.window === undefined ? "bucket" : `${limit.window} window of a minute`;
      const why = isGrowing && factor < 1 ? ` under hardFactor: ${factor}` : ": state at least 1/min";
      report([...at, name], `a ${what} would never hold one${why}`);
    }
  }
}

/** A ceiling that a preset states may lie below the limits that are to grow. */
function checkCeiling(limits: Limits, report: Report): void {
  for (const name of DIMENSIONS) {
    const limit = limits[name];
    if (limit?.ceiling === undefined || limit.ceiling >= 1 - 1e-9) continue;
    report(["limits", "adaptive", "ceiling"], `is below the stated limit of ${name}, from which it grows`);
    return;
  }
}

/** What a limit holds at most, at its floor where it grows. */
function sizeOf({ rate, burst, window }: DimensionLimits, { adaptive }: Pick<Limits, "adaptive">): number {
  return (window === undefined ? burst : Math.floor(rate * 60 + 1e-9)) * (adaptive?.hardFactor ?? 1);
}

/** Reports quotas of generated tokens that are less than what is charged at once. */
function checkQuotas(
  at: Path,
  part: Part,
  limits: Limits,
  traffic: Scenario["traffic"],
  report: Report,
): void {
  const { charges } = definitionOf(OUTPUT_ACCOUNTINGS, limits.outputAccounting, "output accounting");
  if (charges === "nothing") return;
  const path = at[2] as string | undefined;
  const asked = Object.values(traffic).filter(
    ({ mix }) => path === undefined || mix.some(({ name }) => name === path),
  );
  const stated = Math.min(...asked.map(({ maxOutput }) => maxOutput));
  const charged = charges === "expected" ? (limits.expectedOutput ?? 0) : stated;
  for (const [index, { of, most }] of (part.quotas ?? []).entries()) {
    if (of !== "generatedTokens" || charged <= most || asked.length === 0) continue;
    const message = `${limits.outputAccounting} charges ${charged} at once: every request would get a 429`;
    report([...at, "quotas", index, "most"], message);
  }
}

/** Reports what is charged at once and is more than a limit of generated tokens ever holds. */
function checkReserved(
  at: Path,
  { generatedTokens }: Part,
  limits: Limits,
  traffic: Scenario["traffic"],
  report: Report,
): void {
  if (generatedTokens === undefined) return;
  const path = at[2] as string | undefined;
  const size = sizeOf(generatedTokens, path === undefined ? limits : {});
  const what = `${generatedTokens.window === undefined ? "burst" : "minute"} of generatedTokens`;
  const whose = path === undefined ? "" : ` on path ${path}`;
  const because = `more than the ${what}${whose} (${size}) ever holds: every request would get a 429`;
  const { name: accounting, charges } = definitionOf(
    OUTPUT_ACCOUNTINGS,
    limits.outputAccounting,
    "output accounting",
  );
  if (charges === "expected" && (limits.expectedOutput ?? 0) > size) {
    report(
      ["limits", "expectedOutput"],
      `${accounting} charges ${limits.expectedOutput} at once, ${because}`,
    );
  }
  if (charges !== "stated") return;
  for (const [name, { maxOutput, mix }] of Object.entries(traffic)) {
    if (maxOutput <= size || (path !== undefined && mix.every((part) => part.name !== path))) continue;
    report(["traffic", name, "maxOutput"], `${accounting} charges ${maxOutput} at once, ${because}`);
  }
}
