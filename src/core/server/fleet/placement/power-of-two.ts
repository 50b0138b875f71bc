// The less loaded of two replicas drawn at random. Source: Mitzenmacher, "The power of two choices in randomized load
// balancing", 2001.
import { definePlacement, type PlacementRule, type RuleContext } from "./rule.js";

class PowerOfTwo implements PlacementRule {
  readonly #context: RuleContext;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  wish(): number {
    const { chance, ready, loads } = this.#context;
    const one = ready[chance.below(ready.length)]!;
    const other = ready[chance.below(ready.length)]!;
    return loads.loadOf(other) < loads.loadOf(one) ? other : one;
  }
}

export const powerOfTwo = definePlacement({
  name: "power-of-two",
  summary: "The less loaded of two replicas drawn at random.",
  options: {},
  create: (_, context) => new PowerOfTwo(context),
});
