// What faults of instances have in common: at a stated time they hit so many of a pool, and by chance each instance at
// the same rate. By chance means: candidates come as often as if the pool were as large as it can get, and each names
// one place in it at random; where no instance stands in that place, nothing happens. So each instance that is up is
// hit at its own rate (a thinned Poisson process), and the times do not depend on how many there are.
import type * as z from "zod";
import { after, type Duration, type Instant, START, toSeconds } from "../../../base/units.js";
import { type Portion, portion, portionOf } from "../../../document/portion.js";
import { duration, name } from "../../../document/units.js";
import { Agenda } from "./agenda.js";
import { Onsets } from "./chance/onsets.js";
import type { Fault, FaultContext, FaultPool, Toll } from "./fault.js";
import { someOf, upIn } from "./victims.js";

const MOST_INSTANCES = 100_000;

/** The keys that such faults share; the mean time between failures has a default of its own for each. */
export function instanceKeys(mtbf: string) {
  return {
    pool: name.exactOptional().describe("The pool whose instances it hits; left out: each pool's."),
    at: duration().exactOptional().describe("When it happens, counted from the start of the run."),
    instances: portion(MOST_INSTANCES)
      .prefault(1)
      .describe("How many it hits at that time, or which share of those that are up."),
    mtbf: duration({ above: 0 })
      .exactOptional()
      .describe(
        `By chance: mean time between two of one instance. Left out: ${mtbf}, or, where at is given, never.`,
      ),
  };
}

type InstanceOptions = z.output<z.ZodObject<ReturnType<typeof instanceKeys>, z.core.$strict>>;

/** What it does to these instances, which may be none: what it draws for itself, it draws all the same. */
export type Strike = (slots: readonly number[], now: Instant, toll: Toll, agenda: Agenda) => void;

/** `strikeOf` makes what is done in one pool, with streams that are that pool's own. */
export function instanceFault(
  { pool, at, instances, mtbf }: InstanceOptions,
  standard: Duration,
  context: FaultContext,
  strikeOf: (open: FaultContext["open"]) => Strike,
): Fault {
  const agenda = new Agenda();
  for (const one of context.poolsOf(pool)) {
    const open = (stream: string) => context.open(`${one.name}/${stream}`);
    const strike = strikeOf(open);
    const which = open("which");
    if (at !== undefined) {
      agenda.plan(after(START, at), (now, toll) => {
        const up = upIn(context.fleet, one.index);
        strike(someOf(up, portionOf(instances as Portion, up.length), which.uniform()), now, toll, agenda);
      });
    }
    const mean = mtbf ?? (at === undefined ? standard : undefined);
    if (mean !== undefined) byChance(agenda, one, toSeconds(mean), { context, open, strike });
  }
  return agenda;
}

interface Chance {
  readonly context: FaultContext;
  readonly open: FaultContext["open"];
  readonly strike: Strike;
}

function byChance(agenda: Agenda, pool: FaultPool, mtbf: number, { context, open, strike }: Chance): void {
  const { fleet } = context;
  const fitting = Math.floor(fleet.inventory.breakable / fleet.gpusPerReplica(pool.index));
  const most = Math.max(1, Math.min(MOST_INSTANCES, fitting));
  const onsets = new Onsets({ dist: "exponential", mean: mtbf / most }, open("times"));
  const places = open("places");
  agenda.planEach(onsets, (now, toll) => {
    const slot = upIn(fleet, pool.index)[places.below(most)];
    strike(slot === undefined ? [] : [slot], now, toll, agenda);
  });
}
