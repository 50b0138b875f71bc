// What a module of a user's own imports from "surgefleet": to define things, and nothing that simulates. In the realm
// where such a module runs this is all that the name stands for.

export { defineAutoscaler } from "./autoscaler.js";
export { defineClient } from "./client.js";
export { defineLimit } from "./limit.js";
export { options } from "./options.js";
export { definePolicy } from "./policy.js";
export { defineQueueRule } from "./queue-rule.js";
