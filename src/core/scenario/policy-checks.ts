// What the keys of admission policies, concurrency limits and queue rules demand of the rest of a scenario: names that
// are there, and a pool in which what they state counts for something.
import { checkNamed } from "../document/definition.js";
import { asMap, isMap, listOf, maps, type Raw, type Report, read } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { duration } from "../document/units.js";
import { LIMITS } from "../server/gateway/concurrency/registry.js";
import { POLICIES } from "../server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../server/gateway/queue/registry.js";
import { servedIn } from "./detour-checks.js";

export function checkPolicies(root: Raw, report: Report): void {
  const paths = asMap(root["paths"]);
  const servedBy = Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, asMap(path)["pool"]]),
  );
  for (const [name, pool] of maps(root["pools"])) {
    const at: Path = ["pools", name];
    const around = { pool: name, servedBy, servedHere: servedIn(paths, name) };
    const [admission, concurrency, discipline] = ["admission", "concurrency", "discipline"].map((key) =>
      asMap(pool[key]),
    ) as [Raw, Raw, Raw];
    checkNamed(POLICIES, "policy", admission, [...at, "admission"], around, report);
    checkNamed(LIMITS, "limit", concurrency, [...at, "concurrency"], around, report);
    checkNamed(QUEUE_RULES, "rule", discipline, [...at, "discipline"], around, report);
    checkIdle(admission, [...at, "admission"], pool, report);
  }
}

const anyDuration = duration();

/** Reports what counts for nothing in such a pool. A module has keys of its own, whatever they are called. */
function checkIdle(admission: Raw, at: Path, pool: Raw, report: Report): void {
  if (!POLICIES.some(({ name }) => name === admission["policy"])) return;
  for (const [index, part] of listOf(admission["of"]).entries()) {
    if (isMap(part)) checkIdle(part, [...at, "of", index], pool, report);
  }
  const isDated = (read(anyDuration, asMap(pool["signals"])["period"]) ?? 0) > 0;
  if (!isDated && Object.hasOwn(admission, "staleAfter")) {
    report([...at, "staleAfter"], "only signals with a period above 0s use this", { at: "key" });
  }
  if (admission["signal"] === "kv" && asMap(pool["replica"])["engine"] === "slots") {
    report([...at, "signal"], "replicas of engine: slots keep no KV: nothing would be reserved");
  }
}
