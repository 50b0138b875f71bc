// An autoscaler: how many replicas a pool should have. Its module is the default export of this file.
// A scenario names it: autoscaler: { algorithm: ./NAME.ts, min: 1, max: 8, load: 70% }. Run it with --allow-code.
import { defineAutoscaler, options } from "surgefleet";

export default defineAutoscaler({
  summary: "As many replicas as bring the load of each to a share of its slots.",
  // Beside these a scenario may write min, max, interval and what else every autoscaler has.
  options: {
    load: options.share({
      default: "70%",
      from: 0.01,
      text: "Requests, waiting and inside, per slot of a replica.",
    }),
  },
  // Once for each pool and run. `pool` says what a replica holds.
  create({ load }, pool) {
    return {
      // The newest sample that may be seen. Return a number of replicas, rounded up, or nothing to leave it.
      recommend: ({ queued, running }) => (queued + running) / (load * pool.slots),
    };
  },
});
