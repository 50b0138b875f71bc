// What pools that grow and shrink demand of the rest of a scenario: types of nodes that are there and that their
// instances fit on, room for what is up at the start, weights to load, bounds in order. Skips whatever is malformed
// itself.
import { suggest } from "../base/nearest.js";
import { several } from "../base/several.js";
import { START } from "../base/units.js";
import { asMap, checkName, isMap, listOf, maps, type Raw, type Report, read } from "../document/raw.js";
import type { Path } from "../document/tree.js";
import { count } from "../document/units.js";
import { choices, quote } from "../document/words.js";
import { checkColdStart } from "../server/fleet/cold-start-checks.js";
import { AUTOSCALERS, autoscaler as autoscalerSchema } from "../server/fleet/control/autoscalers/registry.js";
import { GPU_PRICES } from "../server/fleet/gpu-prices.js";
import { type NodeType, roomOn } from "../server/fleet/node-type.js";
import { Nodes } from "../server/fleet/nodes.js";
import { ENGINES } from "../server/replica/engines.js";
import { gpusOf, statedPool } from "./capacity-checks.js";
import { plannedReplicas } from "./capacity-plan.js";
import { GPUS_PER_NODE, inventory as inventorySchema, resolveInventory } from "./inventory.js";
import { isAheadOfAll, isLater, poolLives } from "./path-lives.js";

const anyCount = count(0, Number.MAX_SAFE_INTEGER);

export function checkFleet(root: Raw, report: Report): void {
  const types = asMap(root["inventory"])["nodes"];
  const known = read(inventorySchema, root["inventory"]);
  const { types: resolved } = known === undefined ? { types: [] } : resolveInventory(known);
  let fits = true;
  for (const [name, pool] of maps(root["pools"])) {
    const isPlaced = checkNodes(pool, types, ["pools", name], report);
    if (isPlaced && known !== undefined) checkLeast(pool, resolved, ["pools", name, "autoscaler"], report);
    fits = isPlaced && fits;
    checkDisplaced(name, pool, root["pools"], report);
    checkColdStart(pool, ["pools", name], report);
    checkAutoscaler(pool, ["pools", name], report);
  }
  checkPrices(types, report);
  const sleeps = maps(root["pools"]).some(([, pool]) => pool["warmPool"] !== undefined);
  if (fits && known !== undefined && (isMap(types) || sleeps)) checkStart(root, resolved, report);
}

/** A kind of GPU is there for its price: without one, the money of all that runs on it would be missing unsaid. */
function checkPrices(types: unknown, report: Report): void {
  for (const [name, { gpu, price }] of maps(types)) {
    if (typeof gpu !== "string" || price !== undefined || Object.hasOwn(GPU_PRICES, gpu)) continue;
    const hint = `${suggest(gpu, Object.keys(GPU_PRICES))}; or give it a price, or leave gpu out`;
    report(["inventory", "nodes", name, "gpu"], `no price of ${quote(gpu)} is known`, { hint });
  }
}

/** Names that stand in a list twice: of the second nothing could come. */
function checkTwice(names: readonly unknown[], at: Path, report: Report): void {
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index) report([...at, index], `${quote(name)} stands here twice`);
}

/** Whether its instances fit on nodes at all. */
function checkNodes(pool: Raw, types: unknown, at: Path, report: Report): boolean {
  const given = listOf(pool["nodes"]);
  if (given.length > 0 && !isMap(types)) {
    report([...at, "nodes"], "the inventory has no types of nodes", { at: "key" });
    return false;
  }
  checkTwice(given, [...at, "nodes"], report);
  const places = given.map((name, index) => ({ name, at: [...at, "nodes", index] }));
  const isNamed = places.map(({ name, at }) => checkName(name, types, "type of node", at, report));
  if (isNamed.includes(false)) return false;
  const gpus = gpusOf(pool);
  if (gpus === undefined || !isMap(types)) return true;
  const usable = maps(types).filter(([name]) => given.length === 0 || given.includes(name));
  const sizes = usable.map(([, type]) => read(anyCount, type["gpusPerNode"] ?? GPUS_PER_NODE));
  const isFine = (size: number | undefined) => size === undefined || gpus <= size || gpus % size === 0;
  if (sizes.length === 0 || sizes.some(isFine)) return true;
  const each = choices([...new Set(sizes.map(String))]);
  const message = `an instance of ${several(gpus, "GPU")} is neither within one node nor on whole ones (of ${each})`;
  report([...at, "gpusPerReplica"], message);
  return false;
}

function checkDisplaced(name: string, pool: Raw, pools: unknown, report: Report): void {
  const given = listOf(pool["displaces"]);
  checkTwice(given, ["pools", name, "displaces"], report);
  for (const [index, other] of given.entries()) {
    const at = ["pools", name, "displaces", index];
    if (other === name) report(at, "a pool does not displace itself");
    else if (checkName(other, pools, "pool", at, report)) {
      const [own, theirs] = [pool, asMap(asMap(pools)[String(other)])].map((one) => listOf(one["nodes"]));
      const shares = own!.length === 0 || theirs!.length === 0 || own!.some((type) => theirs!.includes(type));
      if (!shares)
        report(at, `its instances stand on no type of node that those of ${quote(name)} may stand on`);
      const circle = chainBetween(String(other), name, pools);
      if (circle !== undefined) {
        const chain = [name, ...circle].map(quote).join(" displaces ");
        report(at, `pools would displace each other in a circle: ${chain}`);
      }
    }
  }
}

/**
 * Pools from one to another, each displacing the next, all but the last behind it in the file: so each circle is told
 * once.
 */
function chainBetween(first: string, last: string, pools: unknown): readonly string[] | undefined {
  const names = maps(pools).map(([name]) => name);
  const seen = new Set<string>();
  const search = (name: string): readonly string[] | undefined => {
    if (name === last) return [name];
    if (seen.has(name) || names.indexOf(name) < names.indexOf(last)) return undefined;
    seen.add(name);
    for (const next of listOf(asMap(asMap(pools)[name])["displaces"])) {
      const rest = next === name ? undefined : search(String(next));
      if (rest !== undefined) return [name, ...rest];
    }
    return undefined;
  };
  return search(first);
}

function checkAutoscaler(pool: Raw, at: Path, report: Report): void {
  const given = pool["autoscaler"];
  if (given === undefined) return;
  const name = typeof given === "string" ? given : asMap(given)["algorithm"];
  const definition = AUTOSCALERS.find((one) => one.name === name);
  if (definition?.needsProfile === true && asMap(pool["replica"])["profile"] === undefined)
    report([...at, "autoscaler"], `${quote(name)} predicts from step times: the replica needs a profile`);
  checkTargets(pool, at, report);
  const { min: stated, max: most } = asMap(given);
  const [min, max] = [read(anyCount, stated), read(anyCount, most)];
  if (min !== undefined && max !== undefined && min > max)
    report([...at, "autoscaler", "min"], `more than max (${max})`);
  // Of those that go by the clock checkScaling says it.
  if (max === 0 && statedPool(pool).goesByLoad)
    report([...at, "autoscaler", "max"], "the pool never has a replica");
}

function checkTargets(pool: Raw, at: Path, report: Report): void {
  const targets = asMap(asMap(pool["autoscaler"])["targets"]);
  const engine = ENGINES.find(({ name }) => name === asMap(pool["replica"])["engine"]);
  if (targets["kv"] === undefined || engine === undefined || "kvTokens" in engine.options) return;
  const message = `replicas of engine ${quote(engine.name)} have no KV cache: it would always ask for none`;
  const hint = "aim at utilization, or at concurrency";
  report([...at, "autoscaler", "targets", "kv"], message, { at: "key", hint });
}

/** An autoscaler that goes by load keeps no more than there is ever room for. */
function checkLeast(pool: Raw, types: readonly NodeType[], at: Path, report: Report): void {
  const { plan, goesByLoad } = statedPool(pool);
  const spec = read(autoscalerSchema, pool["autoscaler"]);
  if (plan === undefined || spec === undefined || !goesByLoad) return;
  const names = listOf(pool["nodes"]);
  const room = roomOn(types, names.length === 0 ? undefined : names, plan.gpusPerReplica);
  if (spec.min <= room) return;
  const isStated = asMap(pool["autoscaler"])["min"] !== undefined;
  const message = `there is room for ${room} of its instances, ${several(plan.gpusPerReplica, "GPU")} each`;
  report(isStated ? [...at, "min"] : at, message, { hint: "fewer, or more GPUs that the pool may use" });
}

/**
 * What is up at the start, and asleep, has its place on nodes, pool by pool, each on the first of its types that has
 * room, as in the run; what is launched later finds its own.
 */
function checkStart(root: Raw, types: readonly NodeType[], report: Report): void {
  const nodes = new Nodes(types);
  const lives = poolLives(root);
  let slot = 0;
  for (const [name, pool] of maps(root["pools"])) {
    const life = lives.get(name)!;
    if (isLater(life)) continue;
    const { plan } = statedPool(pool);
    const asleep = read(anyCount, pool["warmPool"] ?? 0);
    if (plan === undefined || asleep === undefined) return;
    const all = plannedReplicas(plan, START) + asleep;
    const named = listOf(pool["nodes"]).map((one) => types.findIndex((type) => type.name === one));
    const usable = named.length > 0 ? named : [...types.keys()];
    const before = slot;
    while (slot < before + all && usable.some((type) => nodes.put(slot, plan.gpusPerReplica, type))) slot++;
    if (slot === before + all) continue;
    const sleeping = asleep > 0 ? `, ${asleep} of them asleep` : "";
    const room = `there is room for ${slot - before} of its ${several(all, "instance")}${sleeping}`;
    const isFixed = plan.timetable?.replicasAt(START) === undefined;
    const key = isAheadOfAll(life) ? "launchAhead" : isFixed ? "replicas" : "autoscaler";
    const why = isAheadOfAll(life) ? "it is not shorter than the time to the launch: " : "";
    const hint = before > 0 ? "pools before it have taken the rest" : undefined;
    report(["pools", name, key], `${why}${room}, ${several(plan.gpusPerReplica, "GPU")} each`, { hint });
    return;
  }
}
