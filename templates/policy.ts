// An admission policy: who gets into a pool, who waits and who is shed. Its module is the default export of this file.
// A scenario names it: admission: { policy: ./NAME.ts, spare: 20% }. Run it with --allow-code; docs/own-policy.md.
import { definePolicy, options } from "surgefleet";

export default definePolicy({
  summary: "Refuses the lowest rank while little of the pool is free.",
  // Keys that a scenario may write beside `policy`. maxQueue, queueTimeout, displaceLower and evictLower are there anyway.
  options: {
    spare: options.share({ default: "10%", text: "Share of the pool that the lowest rank leaves free." }),
  },
  // A request that is let in would have been let in at a higher rank, too: policy test holds it to that.
  ordersByPriority: true,
  // Once for each pool and run. What it remembers lives here; time and chance come as arguments.
  create({ spare }, { paths }) {
    const ranks = paths.filter(({ isServed }) => isServed).map(({ rank }) => rank);
    const lowest = Math.max(...ranks);
    return {
      // A request arrives. Answer "admit", "wait", "displace", "demote", "spill", "refuse" - or nothing: then it is
      // admitted where there is room and waits where there is a place, as with tail-drop.
      decide(request, pool) {
        const isLow = request.rank === lowest && lowest > 0;
        // One of a lower rank that waits would be shed before it.
        const comesBefore = pool.queuedBelow(request.rank) > 0;
        const free = pool.slots - pool.slotsBusy;
        // An empty pool is for whoever comes: a request there takes nothing from others.
        if (isLow && !comesBefore && pool.slotsBusy > 0 && free < spare * pool.slots) return "refuse";
        return undefined;
      },
    };
  },
});
