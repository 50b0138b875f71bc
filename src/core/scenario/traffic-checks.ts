// What the keys of traffic demand of each other and of the rest: mixes, token counts, arrivals, an end. Part
// of the cross-checks, and like them it runs on the raw document.
import { asMap, checkName, isMap, maps, type Raw, type Report, read } from "./raw.js";
import { MOST_ARRIVALS_PER_SECOND } from "./traffic.js";
import type { Path } from "./tree.js";
import { rate, share } from "./units.js";
import { quote } from "./words.js";

const anyRate = rate({ to: MOST_ARRIVALS_PER_SECOND });
const anyShare = share();

function checkMix(source: Raw, paths: unknown, at: Path, report: Report): void {
  const { mix } = source;
  if (!isMap(mix)) return;
  let sum = 0;
  let isComplete = Object.keys(mix).length > 0;
  for (const [key, value] of Object.entries(mix)) {
    const [first = "", second, ...more] = key.split("+");
    const place: Path = [...at, "mix", key];
    if (more.length === 0 && checkName(first, paths, "path", place, report, "key") && second !== undefined) {
      const isKnown = checkName(second, paths, "path", place, report, "key");
      const tier = asMap(asMap(paths)[second])["serviceTier"];
      if (isKnown && tier === undefined) {
        report(place, `path ${quote(second)} has no service tier to ask for`, { at: "key" });
      }
    }
    const part = read(anyShare, value);
    if (part === undefined) isComplete = false;
    else sum += part;
  }
  if (!isComplete || Math.abs(sum - 1) <= 1e-9) return;
  report([...at, "mix"], `the shares sum to ${Number((sum * 100).toPrecision(6))}%, not to 100%`, {
    at: "key",
  });
}

/** Whether the source replays a trace; undefined if its arrivals do not tell. */
function isTrace(source: Raw): boolean | undefined {
  const { arrivals } = source;
  if (!isMap(arrivals)) return undefined;
  if (Object.hasOwn(arrivals, "process") || Object.hasOwn(arrivals, "rate")) return false;
  return Object.hasOwn(arrivals, "trace") ? true : undefined;
}

function checkLengths(source: Raw, at: Path, report: Report): void {
  const trace = isTrace(source);
  for (const key of ["input", "output"]) {
    const isGiven = Object.hasOwn(source, key);
    if (trace === true && isGiven) {
      report([...at, key], `the token counts come from the trace: remove "${key}"`, { at: "key" });
    }
    if (trace === false && !isGiven) report([...at, key], `missing key "${key}"`);
  }
}

/** Reports what does not fit together in the sources of the root map. */
export function checkTraffic(root: Raw, report: Report): void {
  let total = 0;
  let endless: string | undefined;
  for (const [name, source] of maps(root["traffic"])) {
    const at: Path = ["traffic", name];
    checkMix(source, root["paths"], at, report);
    checkLengths(source, at, report);
    if (isTrace(source) === false) endless ??= name;
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
