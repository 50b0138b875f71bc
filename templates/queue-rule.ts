// A queue rule: who of those that wait starts next. Its module is the default export of this file.
// A scenario names it: discipline: { rule: ./NAME.ts, perRank: 5s }. Run it with --allow-code; docs/own-policy.md.
import { defineQueueRule, options } from "surgefleet";

export default defineQueueRule({
  summary: "By arrival, with a head start for each rank above another.",
  options: {
    perRank: options.duration({ default: "5s", text: "Head start of a rank before the next lower one." }),
  },
  // Once for each pool and run.
  create({ perRank }) {
    return {
      // Asked once for each request that waits: the least goes first, and of equals the one that came first.
      score: ({ rank }, arrivedAt) => arrivedAt + rank * perRank,
    };
  },
});
