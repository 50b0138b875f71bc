// No limit but the room in the replicas.
import { FixedLimit } from "./fixed.js";
import { defineLimit } from "./limit.js";

export const none = defineLimit({
  name: "none",
  summary: "As many at once as the pool has room for.",
  options: {},
  create: () => new FixedLimit(Number.POSITIVE_INFINITY),
});
