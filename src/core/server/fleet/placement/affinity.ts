// A session goes home, to the one replica that its number leads to, so that it finds its context there; while that
// one is much busier than the least loaded, it goes to the least loaded. Homes are by rendezvous: each replica that
// takes sequences draws a weight for the session, and the highest wins. So a replica that comes takes its share of
// the sessions from all others and moves none between them, and one that leaves gives up its own alone. Source:
// Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998.
import { mixed } from "../../../base/mixed.js";
import { NONE } from "../../../base/none.js";
import { share } from "../../../document/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { type LoadIndex, NOWHERE } from "../load-index.js";
import { definePlacement, type PlacementRule, type RuleContext } from "./rule.js";

/** Homes that are remembered, a power of two: of sessions whose numbers fall on one place, the last. */
const REMEMBERED = 2 ** 14;
const ROW_SHIFT = 2;
const SESSION = 0;
const MEMBERSHIP = 1;
const HOME = 2;

/** The number of which the highest bit alone is set: by it the order without a sign becomes that with one. */
const SIGN = -(2 ** 31);

/** Which replica each session is at home in, worked out once and again when others take sequences. */
export class Homes {
  readonly #context: Pick<RuleContext, "ready" | "membership">;
  /** A row for each place: the session, the membership under which its home was worked out, and the home. */
  readonly #rows = new Int32Array(REMEMBERED << ROW_SHIFT).fill(NONE);

  constructor(context: Pick<RuleContext, "ready" | "membership">) {
    this.#context = context;
  }

  /** Leaf of a replica that takes sequences; at least one does. */
  of(session: number): number {
    const rows = this.#rows;
    const row = (session & (REMEMBERED - 1)) << ROW_SHIFT;
    const membership = this.#context.membership();
    if (rows[row + SESSION] === session && rows[row + MEMBERSHIP] === membership) return rows[row + HOME]!;
    const home = highest(session, this.#context.ready);
    rows[row + SESSION] = session;
    rows[row + MEMBERSHIP] = membership;
    rows[row + HOME] = home;
    return home;
  }
}

function highest(session: number, leaves: readonly number[]): number {
  const own = Math.imul(session + 1, 0x9e3779b1);
  let home = NOWHERE;
  let most = 0;
  for (let index = 0; index < leaves.length; index++) {
    const leaf = leaves[index]!;
    const weight = mixed(own ^ Math.imul(leaf + 1, 0x85ebca77)) ^ SIGN;
    if (home !== NOWHERE && weight <= most) continue;
    most = weight;
    home = leaf;
  }
  return home;
}

class Affinity implements PlacementRule {
  readonly #slack: number;
  readonly #homes: Homes;
  readonly #loads: LoadIndex;

  constructor(slack: number, context: RuleContext) {
    this.#slack = slack;
    this.#homes = new Homes(context);
    this.#loads = context.loads;
  }

  wish({ session }: StatedPrompt, least: number): number {
    if (session === NONE) return NOWHERE;
    const home = this.#homes.of(session);
    const isFar = this.#loads.loadOf(home) > this.#loads.loadOf(least) + this.#slack;
    return isFar ? NOWHERE : home;
  }
}

export const affinity = definePlacement({
  name: "affinity",
  summary: "A session goes to the replica that it belongs to.",
  defaults: { affinitySlack: "ours" },
  options: {
    affinitySlack: share()
      .prefault("25%")
      .describe("Share of slots by which that replica may be busier than the least loaded."),
  },
  create: ({ affinitySlack }, context) => new Affinity(affinitySlack, context),
});
