// Which nodes a fault hits, and what is done to them. At a stated time nodes in use are hit, as otherwise a fleet with
// nodes to spare would mostly show nothing; by chance any node fails, in use or not.
import type { Instant } from "../../../base/units.js";
import { type Portion, portionOf } from "../../../document/portion.js";
import { asMap, checkName, isMap, maps, type Raw, type Report, read } from "../../../document/raw.js";
import type { Path } from "../../../document/tree.js";
import { count } from "../../../document/units.js";
import type { Nodes } from "../nodes.js";
import type { FaultContext, FaultsAround, Toll } from "./fault.js";
import { someOf } from "./victims.js";

const anyCount = count(0, Number.MAX_SAFE_INTEGER);

/** Numbers of all nodes of each type that the name allows; without one, of every type that faults may strike. */
export function nodesByType(nodes: Nodes, type: string | undefined): readonly number[][] {
  return nodes.types.flatMap(({ name, isSpared }, index) =>
    isSpared !== true && (type === undefined || name === type) ? [[...nodes.ofType(index)]] : [],
  );
}

/** So many of those groups of nodes of which some node is in use, or, where none is, of all; by one draw. */
export function someInUse(
  nodes: Nodes,
  groups: readonly (readonly number[])[],
  part: Portion,
  where: number,
): readonly (readonly number[])[] {
  const inUse = groups.filter((group) => group.some((node) => nodes.instancesOn(node).length > 0));
  const among = inUse.length > 0 ? inUse : groups;
  return someOf(among, portionOf(part, among.length), where);
}

/** They go with all that stands on them. */
export function loseNodes(
  { nodes: life, fleet }: FaultContext,
  nodes: readonly number[],
  now: Instant,
  toll: Toll,
): void {
  for (const node of nodes) {
    for (const slot of life.nodes.instancesOn(node)) toll.pools.add(fleet.instances.poolOf(slot));
    toll.halted.push(...life.lose(node, now));
  }
}

/** A type of nodes as the scenario writes it. */
interface StatedType {
  readonly type: Raw;
  readonly count: number;
}

/** Those that a fault may hit of which `isHit`, or all; undefined where any is malformed. */
export function statedTypes(
  part: Raw,
  { inventory }: FaultsAround,
  isHit: (type: Raw) => boolean = () => true,
): readonly StatedType[] | undefined {
  const named = part["type"];
  const types = maps(asMap(inventory)["nodes"]).filter(
    ([name, type]) => (named === undefined || name === named) && isHit(type),
  );
  const counted = types.map(([, type]) => ({ type, count: read(anyCount, type["count"]) }));
  const known = counted.filter((one): one is StatedType => one.count !== undefined);
  return known.length === 0 || known.length < counted.length ? undefined : known;
}

/** Of a fault of nodes: there are nodes, and if it names a type, that one. */
export function checkNodes(part: Raw, at: Path, { inventory }: FaultsAround, report: Report): void {
  if (!isMap(inventory)) return;
  const { nodes } = inventory;
  if (nodes === undefined) {
    report([...at, "fault"], "the inventory has no nodes that could fail", {
      hint: "say inventory: {nodes: {h100: {gpu: H100, count: 4}}} instead of gpus",
    });
  } else checkName(part["type"], nodes, "type of node", [...at, "type"], report);
}
