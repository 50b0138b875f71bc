// Keys of earlier versions: what to write instead, or why they are gone. More than that they are unknown, which the schema
// says. Runs on the raw document.
import { asMap, isMap, maps, type Raw, type Report } from "../document/raw.js";
import type { Path } from "../document/tree.js";

/** Whatever stands there, malformed or not. */
export function checkGoneKeys(document: unknown, report: Report): void {
  for (const [name, source] of maps(asMap(document)["traffic"])) {
    if (!Object.hasOwn(source, "ahead")) continue;
    const why = "a population begins as if it had always been there, with sessions of all ages";
    report(["traffic", name, "ahead"], `${why}: remove "ahead"`, { at: "key" });
  }
  for (const [name, pool] of maps(asMap(document)["pools"])) {
    const at = ["pools", name];
    const { signals, placement } = pool;
    checkPeriod(signals, "staleness", (time) => `period: ${time}`, [...at, "signals"], report);
    checkPeriod(
      placement,
      "signalAge",
      (time) => `signals: { period: ${time} }`,
      [...at, "placement"],
      report,
    );
  }
}

/** A time between two copies has one name now, wherever there are some. */
function checkPeriod(
  part: unknown,
  key: string,
  instead: (time: string) => string,
  at: Path,
  report: Report,
): void {
  if (!isMap(part) || !Object.hasOwn(part, key)) return;
  report([...at, key], `"${key}" is called "period" now: write ${instead(shown(part[key]))}`, { at: "key" });
}

const shown = (time: Raw[string]) =>
  typeof time === "string" || typeof time === "number" ? String(time) : "...";
