// A client: what callers do about a failure. Its module is the default export of this file.
// A scenario names it in a source: client: { preset: ./NAME.ts, retries: 3 }. Run it with --allow-code.
import { defineClient, options } from "surgefleet";

export default defineClient({
  summary: "Retries overload and outage with a delay that doubles, and obeys retry-after.",
  options: {
    retries: options.count({ default: 2, to: 100, text: "Retries before it gives up." }),
    delay: options.duration({ default: "500ms", text: "The first delay, which then doubles." }),
  },
  // Once for each source and run: it serves all callers of the source.
  create({ retries, delay }) {
    return {
      // Microseconds until the next try, or nothing to give up. `status` 0 is no answer at all.
      retryIn({ status, retryAfter, failures }, _now, chance) {
        const isPassing = status === 0 || status === 429 || status >= 500;
        if (!isPassing || failures >= retries) return undefined;
        return retryAfter ?? delay * 2 ** failures * (0.5 + chance() / 2);
      },
    };
  },
});
