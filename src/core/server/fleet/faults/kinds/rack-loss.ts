// A rack fails: all nodes that share its power or its switch go at once, and come back together. Racks stand one after
// the other along the numbers of the nodes, each with a stream of its own.
import { several } from "../../../../base/several.js";
import { after, type Duration, type Instant, START, seconds, toSeconds } from "../../../../base/units.js";
import { portion } from "../../../../document/portion.js";
import { type Raw, type Report, read } from "../../../../document/raw.js";
import { time } from "../../../../document/times.js";
import type { Path } from "../../../../document/tree.js";
import { count, duration, name } from "../../../../document/units.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { Agenda } from "../agenda.js";
import { checkAmount } from "../amount-check.js";
import { inOrder } from "../bounds.js";
import { Onsets } from "../chance/onsets.js";
import { racksOf } from "../chance/racks.js";
import { defineFault, type FaultsAround, type Toll } from "../fault.js";
import { checkNodes, loseNodes, nodesByType, someInUse, statedTypes } from "../node-victims.js";
import { checkWhen } from "../when.js";

const MOST_NODES = 100_000;
const LEAST = 4;
const anySize = count(1, MOST_NODES);
/** Node-time per event: 50 years of 365.25 days. */
const MTBF: Duration = seconds(50 * 365.25 * 86_400);

/** How many racks there are is drawn: the most that there may be, each as small as it can be. */
function checkRacks(part: Raw, at: Path, around: FaultsAround, report: Report): void {
  checkWhen(part, at, { at: ["racks"], often: "mtbf" }, report);
  checkNodes(part, at, around, report);
  const least = read(anySize, part["least"] ?? LEAST);
  const types = least === undefined ? undefined : statedTypes(part, around);
  const there = types?.reduce((sum, { count: nodes }) => sum + Math.ceil(nodes / least!), 0);
  const message = (most: number) => `such nodes fill ${several(most, "rack")} at most (least is ${least})`;
  checkAmount(part, at, { key: "racks", there, message }, report);
}

export const rackLoss = defineFault({
  name: "rack-loss",
  summary: "All nodes of a rack go at once, and come back together.",
  source: "all ours: a rack of 4 to 9 nodes, one event in 50 node-years, 2 h",
  options: {
    type: name.exactOptional().describe("Racks of that type of nodes fail; left out: of all types."),
    at: duration().exactOptional().describe("When some fail, counted from the start of the run."),
    racks: portion(MOST_NODES)
      .prefault(1)
      .describe("How many fail at that time, or which share of those in use."),
    mtbf: duration({ above: 0 })
      .exactOptional()
      .describe(
        "By chance: node-time per event, so that a rack of n nodes fails n times as often as once in that time. Left " +
          "out: 50 years, or, where at is given, never.",
      ),
    least: count(1, MOST_NODES).prefault(LEAST).describe("A rack has at least so many nodes."),
    most: count(1, MOST_NODES).prefault(9).describe("And at most so many, each number between alike."),
    for: time.prefault("2h").describe("How long it is out."),
  },
  refine: inOrder(String),
  outFor: ({ for: lasts }) => [lasts],
  check: checkRacks,
  create: ({ type, at, racks: part, mtbf, for: lasts, ...sizes }, context) => {
    const agenda = new Agenda();
    const { open, nodes: life } = context;
    const racks = nodesByType(life.nodes, type).flatMap((nodes) =>
      racksOf(nodes.length, sizes, (rack) => open(`size/${nodes[0]}/${rack}`)).map(({ first, end }) =>
        nodes.slice(first, end),
      ),
    );
    const outageOf = (rack: readonly number[]) => {
      const lengths = createDistribution(timeDistribution(lasts), open(`length/${rack[0]}`));
      return (now: Instant, toll: Toll) => {
        const length = drawnTime(lengths.sample());
        loseNodes(context, rack, now, toll);
        agenda.plan(after(now, length), (end) => {
          for (const node of rack) life.restore(node, end);
        });
      };
    };
    if (at !== undefined) {
      const which = open("which");
      agenda.plan(after(START, at), (now, toll) => {
        for (const rack of someInUse(life.nodes, racks, part, which.uniform())) outageOf(rack)(now, toll);
      });
    }
    const mean = mtbf ?? (at === undefined ? MTBF : undefined);
    if (mean === undefined) return agenda;
    for (const rack of racks) {
      const gaps = { dist: "exponential", mean: toSeconds(mean) / rack.length } as const;
      agenda.planEach(new Onsets(gaps, open(`rack/${rack[0]}`)), outageOf(rack));
    }
    return agenda;
  },
});
