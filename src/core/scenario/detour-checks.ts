// What a path states instead of a refusal: names that are there, and that lead somewhere else. Skips whatever is
// malformed itself.
import { asMap, checkName, isMap, listOf, maps, type Raw, type Report } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { quote } from "../document/words.js";

export function checkDetours({ paths, pools }: Raw, report: Report): void {
  for (const [name, path] of maps(paths)) {
    const seen: string[] = [];
    for (const [index, one] of listOf(path["instead"]).entries()) {
      if (!isMap(one)) continue;
      const at: Path = ["paths", name, "instead", index];
      const key = Object.hasOwn(one, "spill") ? "spill" : "demote";
      const target = one[key];
      const known = key === "spill" ? pools : paths;
      if (!checkName(target, known, key === "spill" ? "pool" : "path", [...at, key], report)) continue;
      const own = key === "spill" ? path["pool"] : name;
      if (target === own)
        report([...at, key], `${quote(target)} is its own ${key === "spill" ? "pool" : "path"}`);
      const again = `${key} ${String(target)}`;
      if (seen.includes(again)) report(at, `${again} stands here twice`);
      seen.push(again);
      checkCauses(listOf(one["on"]), [...at, "on"], report);
    }
  }
}

function checkCauses(causes: readonly unknown[], at: Path, report: Report): void {
  for (const [index, cause] of causes.entries())
    if (causes.indexOf(cause) < index) report([...at, index], `${quote(cause)} stands here twice`);
}

/** The paths that may be served in a pool: its own, and those that may spill over into it. */
export function servedIn(paths: unknown, pool: string): readonly string[] {
  const spills = (path: Raw) => listOf(path["instead"]).some((one) => asMap(one)["spill"] === pool);
  return maps(paths).flatMap(([name, path]) => (path["pool"] === pool || spills(path) ? [name] : []));
}
