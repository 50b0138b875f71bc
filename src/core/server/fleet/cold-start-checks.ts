// What a pool says of cold starts, against what comes of it: weights that are loaded, and from somewhere, and waking
// only where something sleeps. Sees the pool as it is written; what is malformed is the schema's to report.
import { asMap, type Raw, type Report } from "../../document/raw.js";
import type { Path } from "../../document/tree.js";
import { quote } from "../../document/words.js";
import { COLD_START_PRESETS } from "./cold-start-keys.js";

/** `at`: the place of the pool. */
export function checkColdStart(pool: Raw, at: Path, report: Report): void {
  const given = pool["coldStart"];
  const keys = typeof given === "string" ? { preset: given } : asMap(given);
  checkWeights(keys, [...at, "coldStart"], report);
  if (keys["wake"] !== undefined && pool["warmPool"] === undefined)
    report([...at, "coldStart", "wake"], "nothing sleeps that could be woken: the pool has no warmPool", {
      at: "key",
    });
}

function checkWeights(keys: Raw, at: Path, report: Report): void {
  const preset = COLD_START_PRESETS.find(({ name }) => name === keys["preset"]);
  if (preset === undefined) return;
  const weights = asMap(keys["weights"]);
  const { bytes, from = preset.from } = weights;
  const name = quote(preset.name);
  if (from === undefined) {
    if (Object.keys(weights).length === 0) return;
    const message = `${name} loads no weights: what is said of them counts for nothing`;
    report([...at, "weights"], message, { at: "key", hint: "say from: nvme (or what it is), too" });
  } else if (bytes === undefined) {
    const loads = preset.from === undefined ? `from ${quote(from)} it` : name;
    const hint = "16 bits a weight are 2 bytes: {preset: cached, weights: {bytes: 16G}} for 8 billion";
    report(at, `${loads} loads weights: say how many bytes one instance loads`, { hint });
  }
}
