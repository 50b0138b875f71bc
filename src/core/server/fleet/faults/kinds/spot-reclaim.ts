// A spot market takes its capacity back, all nodes of a zone at once after a warning, and gives it again by and by.
// Zones go up and down each by itself (chance/spot-zone.ts), whether their nodes are in use or not. Once warned, an
// instance takes no more, serves those it has, and is replaced where there is room; what is inside still when the zone
// goes is lost.

import { several } from "../../../../base/several.js";
import type { Duration, Instant } from "../../../../base/units.js";
import { after, START, seconds } from "../../../../base/units.js";
import { portion } from "../../../../document/portion.js";
import { asMap, maps, type Raw, type Report, read } from "../../../../document/raw.js";
import { gap, type Time, time } from "../../../../document/times.js";
import type { Path } from "../../../../document/tree.js";
import { count, duration, name } from "../../../../document/units.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { Agenda } from "../agenda.js";
import { checkAmount } from "../amount-check.js";
import { SpotZone } from "../chance/spot-zone.js";
import { defineFault, type FaultContext, type FaultsAround, type Toll } from "../fault.js";
import { checkNodes, loseNodes, someInUse, statedTypes } from "../node-victims.js";
import { checkWhen } from "../when.js";

const UP: Time = { median: seconds(1.1 * 3600), mean: seconds(4.3 * 3600) };
const DOWN = { median: "42m", mean: "2h" };

interface Zone {
  /** Of its type and number: the same whatever other types there are. */
  readonly name: string;
  readonly nodes: readonly number[];
}

/** Zones of the spot types that the name allows; without one, of every spot type. */
function zonesOf({ nodes: { nodes } }: FaultContext, type: string | undefined): readonly Zone[] {
  return nodes.types.flatMap(({ name, market, zones }, index) => {
    if (market !== "spot" || (type !== undefined && type !== name)) return [];
    return Array.from({ length: zones }, (_, zone) => ({
      name: `${name}/${zone}`,
      nodes: [...nodes.ofType(index)].filter((node) => nodes.zoneOf(node) === zone),
    }));
  });
}

/** What is done to a zone, one after the other. */
class Reclaims {
  readonly #context: FaultContext;

  constructor(context: FaultContext) {
    this.#context = context;
  }

  warn({ nodes }: Zone, now: Instant, toll: Toll): void {
    const { fleet, nodes: life } = this.#context;
    for (const node of nodes) {
      for (const slot of life.nodes.instancesOn(node)) toll.pools.add(fleet.instances.poolOf(slot));
      life.drain(node, now);
    }
  }

  take({ nodes }: Zone, now: Instant, toll: Toll, isWarned: boolean): void {
    loseNodes(this.#context, nodes, now, toll);
    if (isWarned) for (const node of nodes) this.#context.nodes.hasGone(node, now);
  }

  giveBack({ nodes }: Zone, now: Instant): void {
    for (const node of nodes) this.#context.nodes.restore(node, now);
  }
}

/** Up and down by turns, from the start on. */
function byTurns(agenda: Agenda, zone: Zone, spells: SpotZone, warning: Duration, reclaims: Reclaims): void {
  if (!spells.isUp) agenda.plan(START, (now, toll) => reclaims.take(zone, now, toll, false));
  const next = (now: Instant): void => {
    const { isUp } = spells;
    const isWarned = isUp && warning > 0;
    if (isWarned) agenda.plan(spells.warnsAt(warning, now), (at, toll) => reclaims.warn(zone, at, toll));
    agenda.plan(spells.changesAt, (at, toll) => {
      if (isUp) reclaims.take(zone, at, toll, isWarned);
      else reclaims.giveBack(zone, at);
      spells.change(at);
      next(at);
    });
  };
  next(START);
}

const anyCount = count(1, 1000);

/** A type without as many nodes has fewer zones. */
function checkZones(part: Raw, at: Path, around: FaultsAround, report: Report): void {
  const types = statedTypes(part, around, ({ market }) => market === "spot") ?? [];
  const zones = types.map(({ type, count: nodes }) => {
    const stated = read(anyCount, type["zones"] ?? 1);
    return stated === undefined ? Number.NaN : Math.min(stated, nodes);
  });
  const sum = zones.reduce((so, each) => so + each, 0);
  const there = zones.length === 0 || Number.isNaN(sum) ? undefined : sum;
  const message = (most: number) => `such spot nodes are in ${several(most, "zone")}`;
  checkAmount(part, at, { key: "zones", there, message }, report);
}

function checkSpot(part: Raw, at: Path, around: FaultsAround, report: Report): void {
  checkWhen(part, at, { at: ["zones", "for"], often: "up", chance: ["down"] }, report);
  checkNodes(part, at, around, report);
  checkZones(part, at, around, report);
  const types = maps(asMap(around.inventory)["nodes"]);
  const usable = types.filter(([name]) => part["type"] === undefined || part["type"] === name);
  if (usable.length === 0 || usable.some(([, { market }]) => market === "spot")) return;
  const place = part["type"] === undefined ? "fault" : "type";
  report([...at, place], "no nodes of the spot market could be taken back", {
    hint: "say market: spot of a type of node",
  });
}

export const spotReclaim = defineFault({
  name: "spot-reclaim",
  summary:
    "A spot market takes a whole zone back after a warning, and gives it again; spells are heavy-tailed.",
  source:
    "up, down: us-east-2b of skypilot-org/spot-traces @221da1a, V100 on AWS, there 68 % of the time (derived); " +
    "warning: 2 min on AWS, 30 s on GCP (excerpt)",
  options: {
    type: name.exactOptional().describe("Spot nodes of that type; left out: of all types."),
    at: duration().exactOptional().describe("When zones are taken back, counted from the start of the run."),
    zones: portion(1000).prefault(1).describe("How many zones at that time, or which share of those in use."),
    for: time.prefault(DOWN).describe("How long a zone that was taken at that time is gone."),
    up: gap
      .exactOptional()
      .describe(
        "By chance: how long a zone is there. Left out: {median: 1.1h, mean: 4.3h}, or, with at, for ever.",
      ),
    down: gap.prefault(DOWN).describe("By chance: how long it is gone."),
    warning: duration().prefault("2m").describe("How long before it goes that is known."),
  },
  check: checkSpot,
  outFor: ({ at, for: lasts, up, down }) => [
    ...(at === undefined ? [] : [lasts]),
    ...(at !== undefined && up === undefined ? [] : [down]),
  ],
  create: ({ type, at, zones: part, for: lasts, up, down, warning }, context) => {
    const agenda = new Agenda();
    const { open } = context;
    const zones = zonesOf(context, type);
    const reclaims = new Reclaims(context);
    if (at !== undefined && zones.length > 0) {
      const goes = after(START, at);
      const which = open("which");
      const lengths = createDistribution(timeDistribution(lasts), open("lengths"));
      agenda.plan(Math.max(START, goes - warning) as Instant, (warned, told) => {
        const groups = zones.map(({ nodes }) => nodes);
        const chosen = someInUse(context.nodes.nodes, groups, part, which.uniform());
        for (const nodes of chosen) {
          const zone = zones.find((one) => one.nodes === nodes)!;
          const length = drawnTime(lengths.sample());
          if (warned < goes) reclaims.warn(zone, warned, told);
          agenda.plan(goes, (now, toll) => reclaims.take(zone, now, toll, warned < goes));
          agenda.plan(after(goes, length), (now) => reclaims.giveBack(zone, now));
        }
      });
    }
    const spells = up ?? (at === undefined ? UP : undefined);
    if (spells === undefined) return agenda;
    const law = { up: timeDistribution(spells), down: timeDistribution(down) };
    for (const zone of zones)
      byTurns(agenda, zone, new SpotZone(law, open(`zone/${zone.name}`)), warning, reclaims);
    return agenda;
  },
});
