// The replicas in turn, however busy they are: what a load balancer does that knows nothing of them.
import { definePlacement, type PlacementRule, type RuleContext } from "./rule.js";

class RoundRobin implements PlacementRule {
  readonly #context: RuleContext;
  #turn = 0;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  wish(): number {
    const { ready } = this.#context;
    return ready[this.#turn++ % ready.length]!;
  }
}

export const roundRobin = definePlacement({
  name: "round-robin",
  summary: "The replicas in turn, however busy they are.",
  options: {},
  create: (_, context) => new RoundRobin(context),
});
