// A concurrency limit: how many attempts may be inside a pool's replicas at once. Its module is the default export.
// A scenario names it: concurrency: { limit: ./NAME.ts, slow: 2s }. Run it with --allow-code; docs/own-policy.md.
import { defineLimit, options } from "surgefleet";

export default defineLimit({
  summary: "One more for each quick first token, one fewer for each slow one.",
  options: {
    initial: options.count({ default: 20, from: 1, to: 10_000, text: "Where the limit begins." }),
    slow: options.duration({ default: "5s", text: "A first token later than this after the start is slow." }),
  },
  // Once for each pool and run.
  create({ initial, slow }) {
    return {
      // A whole number from 1 up, or Infinity. It is read again after each of the methods below.
      most: initial,
      // Times are microseconds from the start of the run; `inside` counts this one.
      firstToken(startedAt, inside, now) {
        const isSlow = now - startedAt > slow;
        // Where half of it is not used, it is not the limit that holds anyone up.
        if (isSlow) this.most = Math.max(1, this.most - 1);
        else if (2 * inside >= this.most) this.most += 1;
      },
    };
  },
});
