// What a scenario says of cached prompt tokens that nothing can come of: a share that is cached where no context stays,
// and how the share is estimated where nothing looks at it. On the raw tree: skips what is malformed.
import { isModuleName } from "../custom/name.js";
import { asMap, maps, type Raw, type Report, read } from "../document/raw.js";
import { share } from "../document/units.js";
import { quote } from "../document/words.js";
import type { Dimension } from "../server/gateway/accounts/limit-sets.js";
import { LIMITS } from "../server/gateway/concurrency/registry.js";
import { LIMIT_PRESETS } from "./limit-presets.js";

const anyShare = share();
const UNCACHED: Dimension = "uncachedPromptTokens";

export function checkCached(root: Raw, report: Report): void {
  checkKept(root, report);
  if (!Object.hasOwn(root, "cacheEstimator") || looksAtCached(root)) return;
  const users = `only limits of ${UNCACHED}, ${weighing().join(", ")} and modules of your own use this`;
  report(["cacheEstimator"], users, { at: "key" });
}

/** A source of which prompts are cached asks for no pool that keeps none. */
function checkKept(root: Raw, report: Report): void {
  const paths = asMap(root["paths"]);
  const pools = asMap(root["pools"]);
  for (const [name, source] of maps(root["traffic"])) {
    if ((read(anyShare, source["cached"]) ?? 0) === 0) continue;
    const asked = Object.keys({ ...asMap(source["mix"]), ...asMap(source["subAgentMix"]) });
    const reached = asked.map((key) => asMap(paths[key.split("+")[0]!])["pool"]);
    const bare = reached.find((pool) => keepsNothing(asMap(pools[String(pool)])));
    if (bare === undefined) continue;
    const message = `pool ${quote(bare)} keeps no contexts (prefixCache: false), so that no prompt is cached there`;
    report(["traffic", name, "cached"], message);
  }
}

const keepsNothing = (pool: Raw) => asMap(pool["replica"])["prefixCache"] === false;

/** The concurrency limits that go by how much of a prompt is cached. */
const weighing = () => LIMITS.flatMap((limit) => ("looksAtCached" in limit ? [limit.name] : []));

function looksAtCached(root: Raw): boolean {
  const limits = asMap(root["limits"]);
  const preset = LIMIT_PRESETS.find(({ name }) => name === limits["preset"]);
  if (preset !== undefined && UNCACHED in preset.limits) return true;
  const parts = [limits, ...maps(limits["paths"]).map(([, own]) => own)];
  if (parts.some((part) => part[UNCACHED] !== undefined)) return true;
  const names: readonly unknown[] = weighing();
  return maps(root["pools"]).some(([, { admission, concurrency, discipline }]) =>
    [asMap(admission)["policy"], ...namesIn(concurrency, "limit"), ...namesIn(discipline, "rule")].some(
      (name) => names.includes(name) || isModuleName(name),
    ),
  );
}

/** A definition is named by itself or with options. */
const namesIn = (part: unknown, key: string): unknown[] => [part, asMap(part)[key]];
