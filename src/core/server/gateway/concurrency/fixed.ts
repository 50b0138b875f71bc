// A limit that stays as it is.
import { count } from "../../../document/units.js";
import { type ConcurrencyLimit, defineLimit } from "./limit.js";

export class FixedLimit implements ConcurrencyLimit {
  readonly most: number;
  readonly learns: boolean = false;
  readonly weighs: boolean = false;

  constructor(most: number) {
    this.most = most;
  }

  mayEnter(): boolean {
    return true;
  }

  entered(): void {
    // Weighs none.
  }

  firstToken(): void {
    // Learns nothing.
  }

  left(): void {
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
