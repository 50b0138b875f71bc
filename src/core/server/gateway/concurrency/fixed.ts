// A limit that stays as it is.
import { count } from "../../../document/units.js";
import { defineLimit } from "./limit.js";
import { Weightless } from "./weightless.js";

export class FixedLimit extends Weightless {
  override readonly most: number;
  override readonly learns: boolean = false;

  constructor(most: number) {
    super();
    this.most = most;
  }

  override firstToken(): void {
    // Learns nothing.
  }

  override left(): void {
    // Nor here.
  }
}

export const fixed = defineLimit({
  name: "fixed",
  summary: "So many at once, whatever room there is.",
  options: {
    most: count(1, 10_000_000).prefault(100).describe("Attempts of the pool that may be inside at once."),
  },
  defaults: { most: "ours" },
  create: ({ most }) => new FixedLimit(most),
});
