// A session goes home, to the one replica that is derived from its number, so that it finds its context there; while
// that one is much busier than the least loaded, it goes to the least loaded.
import { NONE } from "../../../base/none.js";
import { share } from "../../../document/units.js";
import type { StatedPrompt } from "../../attempts/stated/prompt.js";
import { type LoadIndex, NOWHERE } from "../load-index.js";
import { definePlacement, type PlacementRule, type RuleContext } from "./rule.js";

class Affinity implements PlacementRule {
  readonly #slack: number;
  readonly #ready: readonly number[];
  readonly #loads: LoadIndex;

  constructor(slack: number, { ready, loads }: RuleContext) {
    this.#slack = slack;
    this.#ready = ready;
    this.#loads = loads;
  }

  wish({ session }: StatedPrompt, least: number): number {
    if (session === NONE) return NOWHERE;
    const home = this.#ready[homeOf(session, this.#ready.length)]!;
    const isFar = this.#loads.loadOf(home) > this.#loads.loadOf(least) + this.#slack;
    return isFar ? NOWHERE : home;
  }
}

/** Spreads sessions evenly whatever their numbers: multiplicative hashing by the golden ratio (Knuth, TAOCP 3, 6.4). */
function homeOf(session: number, replicas: number): number {
  const hash = Math.imul(session + 1, 0x9e3779b1) >>> 0;
  return Math.floor((hash / 2 ** 32) * replicas);
}

export const affinity = definePlacement({
  name: "affinity",
  summary: "A session goes to the replica that it belongs to.",
  options: {
    affinitySlack: share()
      .prefault("25%")
      .describe("Share of slots by which that replica may be busier than the least loaded."),
  },
  create: ({ affinitySlack }, context) => new Affinity(affinitySlack, context),
});
