// A node fails with all that stands on it: what is inside is lost, instances that are still wanted are launched
// elsewhere if there are GPUs, and the node is back when it is repaired. Nodes fail by themselves, each at a rate of
// its own from a skewed law (chance/failure-rate.ts), whether they are in use or not.
import * as z from "zod";
import { after, type Duration, type Instant, START, seconds, toSeconds } from "../../../../base/units.js";
import { portion } from "../../../../document/portion.js";
import type { Raw, Report } from "../../../../document/raw.js";
import { time } from "../../../../document/times.js";
import type { Path } from "../../../../document/tree.js";
import { duration, name, real, share } from "../../../../document/units.js";
import type { DistributionSpec } from "../../../../random/distribution-spec.js";
import { timeDistribution } from "../../../../random/time-distribution.js";
import { Agenda } from "../agenda.js";
import { checkAmount } from "../amount-check.js";
import { NodeFailures } from "../chance/node-failures.js";
import { defineFault, type FaultContext, type FaultsAround, type Toll } from "../fault.js";
import { checkNodes, loseNodes, nodesByType, someInUse, statedTypes } from "../node-victims.js";
import { checkWhen, type WhenKeys } from "../when.js";

const MOST_NODES = 1_000_000;
const MTBF: Duration = seconds(6000 * 3600);

const repair = z.strictObject({
  share: share({ above: 0 }).describe("Share of the failures; the sum need not be 1."),
  for: time.describe("How long the node is out."),
});

function mixed(repairs: readonly z.output<typeof repair>[]): DistributionSpec {
  const of = repairs.map(({ share: weight, for: lasts }) => ({ ...timeDistribution(lasts), weight }));
  return { dist: "mixture", of };
}

const WHEN: WhenKeys = { at: ["nodes"], often: "mtbf", chance: ["lemons", "times", "spread"] };

function checkLoss(part: Raw, at: Path, around: FaultsAround, report: Report): void {
  checkWhen(part, at, WHEN, report);
  checkNodes(part, at, around, report);
  const there = statedTypes(part, around)?.reduce((sum, { count }) => sum + count, 0);
  const message = (most: number) => `there are ${most} such nodes`;
  checkAmount(part, at, { key: "nodes", there, message }, report);
}

/** Out and back. */
function fail(node: number, failures: NodeFailures, agenda: Agenda, context: FaultContext) {
  return (now: Instant, toll: Toll, then: (back: Instant) => void) => {
    loseNodes(context, [node], now, toll);
    agenda.plan(after(now, failures.out()), (back) => {
      context.nodes.restore(node, back);
      then(back);
    });
  };
}

export const nodeLoss = defineFault({
  name: "node-loss",
  summary:
    "A node fails with all that stands on it, and is repaired by and by; some nodes fail far more often.",
  source:
    "mtbf: Llama 3 on 16,384 H100 has 6,330 h a node, RSC-1 3,690 h (excerpt, 2024); " +
    "lemons, times, repairs: ours after arXiv 2410.21680 (lemon nodes), Crusoe (swap within 5 min), " +
    "3 to 5 days of physical repair (excerpt)",
  options: {
    type: name.exactOptional().describe("Nodes of that type fail; left out: of all types."),
    at: duration().exactOptional().describe("When some fail, counted from the start of the run."),
    nodes: portion(MOST_NODES)
      .prefault(1)
      .describe("How many fail at that time, or which share of those in use."),
    mtbf: duration({ above: 0 })
      .exactOptional()
      .describe(
        "By chance: mean time between failures of a node. Left out: 6000h, or, where at is given, never.",
      ),
    lemons: share().prefault("1%").describe("Share of nodes that fail far more often."),
    times: real({ from: 1, to: 1e6 }).prefault(20).describe("So many times as often as others."),
    spread: real({ from: 0, to: 100 })
      .prefault(0)
      .describe("Coefficient of variation of a gamma law by which rates differ besides."),
    repairs: z
      .array(repair)
      .min(1)
      .prefault([
        { share: "85%", for: "10m" },
        { share: "12%", for: "5m" },
        { share: "3%", for: "4d" },
      ])
      .describe("How long a node is out: by default a restart, a swap for a spare one, a repair."),
  },
  outFor: ({ repairs }) => repairs.map(({ for: lasts }) => lasts),
  check: checkLoss,
  create: ({ type, at, nodes: part, mtbf, repairs, ...skew }, context) => {
    const agenda = new Agenda();
    const { nodes } = context.nodes;
    const all = nodesByType(nodes, type).flat();
    const mean = mtbf ?? (at === undefined ? MTBF : undefined);
    const law = { mtbf: toSeconds(mean ?? MTBF), skew, repair: mixed(repairs) };
    const failuresOf = (node: number, name: string) => new NodeFailures(law, context.open(`${name}/${node}`));
    if (at !== undefined) {
      const which = context.open("which");
      agenda.plan(after(START, at), (now, toll) => {
        const groups = all.map((node) => [node]);
        for (const node of someInUse(nodes, groups, part, which.uniform()).flat())
          fail(node, failuresOf(node, "at"), agenda, context)(now, toll, () => undefined);
      });
    }
    if (mean === undefined) return agenda;
    for (const node of all) {
      const failures = failuresOf(node, "node");
      const out = fail(node, failures, agenda, context);
      const failNext = (from: Instant) =>
        agenda.plan(after(from, failures.up()), (now, toll) => out(now, toll, failNext));
      failNext(START);
    }
    return agenda;
  },
});
