// What goes into a check, by hash, so that a change of the software can be told from one of what it was given: the
// scenario as far as it decides what happens, the profiles of its pools, its traces, and the version of this program.
import { type BaselineInputs, profileFileByName } from "../../core/internal.js";
import { packageVersion } from "../package-files.js";
import type { LoadedScenario } from "../scenario-file.js";
import { hashFile } from "./hash-file.js";
import { dataHash, hashesOf } from "./manifest.js";

/** What of a scenario says how it is judged and what it is called, and not what happens in it. */
const OF_JUDGEMENT = ["name", "description", "thresholds", "check", "seed"];

type Fields = Readonly<Record<string, unknown>>;

export function inputHashes({ document, scenario, traces }: LoadedScenario): BaselineInputs {
  const { modules } = scenario;
  const { pools, ...rest } = document as Fields & { readonly pools: Readonly<Record<string, Fields>> };
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !OF_JUDGEMENT.includes(key)));
  const profiles = Object.entries(pools).flatMap(([name, { replica }]) => {
    const { profile } = (replica ?? {}) as Fields;
    if (profile === undefined) return [];
    return [[name, dataHash(typeof profile === "string" ? profileFileByName(profile) : profile)] as const];
  });
  return {
    surgefleet: packageVersion(),
    scenario: dataHash({
      ...kept,
      pools: Object.fromEntries(Object.entries(pools).map(withoutProfile)),
      ...(modules && { code: hashesOf(modules) }),
    }),
    profiles: Object.fromEntries(profiles),
    traces: Object.fromEntries(traces.map(({ name, path }) => [name, hashFile(path)?.sha256 ?? null])),
  };
}

/** A profile that was read from a file stands in the document as a whole: it has a hash of its own. */
function withoutProfile([name, pool]: readonly [string, Fields]): readonly [string, Fields] {
  const { replica, ...rest } = pool;
  const { profile, ...its } = (replica ?? {}) as Fields;
  return [name, { ...rest, replica: { ...its, ...(typeof profile === "string" ? { profile } : {}) } }];
}
