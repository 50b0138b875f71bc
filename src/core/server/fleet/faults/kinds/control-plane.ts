// The control plane is down: nothing is scaled, launched or replaced. What is up serves on, and what a node restarts by
// itself is restarted. When it is back, all controllers act at once on what they have missed.
import { after, type Instant, START } from "../../../../base/units.js";
import { gap, time } from "../../../../document/times.js";
import { duration } from "../../../../document/units.js";
import { createDistribution } from "../../../../random/distribution.js";
import { drawnTime, timeDistribution } from "../../../../random/time-distribution.js";
import { Agenda } from "../agenda.js";
import { Onsets } from "../chance/onsets.js";
import { defineFault, type Toll } from "../fault.js";
import { atOrEvery } from "../when.js";

export const controlPlane = defineFault({
  name: "control-plane",
  summary: "Nothing is scaled, launched or replaced; what is up serves on.",
  source: "ours: no default for when; for: 30 min",
  options: {
    at: duration().exactOptional().describe("When it goes down, counted from the start of the run."),
    every: gap
      .exactOptional()
      .describe("Gaps between two beginnings, by chance as {mean: 30d}. One of at and every is needed."),
    for: time.prefault("30m").describe("How long it is down."),
  },
  refine: atOrEvery,
  outFor: ({ for: lasts }) => [lasts],
  create: ({ at, every, for: lasts }, { controllers, fleet, open }) => {
    const told = { name: "control plane" };
    const agenda = new Agenda();
    const lengths = createDistribution(timeDistribution(lasts), open("lengths"));
    const begin = (now: Instant, _: Toll) => {
      const length = drawnTime(lengths.sample());
      controllers.goesDown();
      fleet.observers.happened("fault-begins", undefined, now, told);
      agenda.plan(after(now, length), (end) => {
        controllers.comesUp(end);
        fleet.observers.happened("fault-ends", undefined, end, told);
      });
    };
    if (at !== undefined) agenda.plan(after(START, at), begin);
    if (every !== undefined) agenda.planEach(new Onsets(timeDistribution(every), open("times")), begin);
    return agenda;
  },
});
