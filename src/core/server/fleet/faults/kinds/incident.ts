// A partial outage as the callers of a service see one: for a while a share of requests fails, whatever the fleet has
// to spare. It is told at the gateway and not by lost instances: what is published of incidents is which share of time
// requests failed, and the loss of instances (node-loss, rack-loss, outages) shows as less capacity, which a fleet
// with some to spare hides and another one sheds as overload. Streams under way go on. They come in clusters
// (chance/incidents).
import { after, type Instant, START, seconds } from "../../../../base/units.js";
import { gap, type Time, time } from "../../../../document/times.js";
import { duration, name, share, showShare } from "../../../../document/units.js";
import { timeDistribution } from "../../../../random/time-distribution.js";
import { Agenda } from "../agenda.js";
import { inOrder } from "../bounds.js";
import { Incidents } from "../chance/incidents.js";
import { Onsets } from "../chance/onsets.js";
import { defineFault } from "../fault.js";
import { checkPool } from "../pool-check.js";

const GAPS: Time = { median: seconds(65 * 3600), mean: seconds(150 * 3600) };

export const incident = defineFault({
  name: "incident",
  summary: "A share of requests is answered 503 unavailable for a while; incidents come in clusters.",
  source:
    "every, for: status pages of OpenAI and Anthropic to 2024-08, " +
    "atlarge-research/llm-service-analysis @36c4598 (derived); shares: ours",
  options: {
    pool: name.exactOptional().describe("The pool whose requests fail; left out: those of all pools."),
    at: duration().exactOptional().describe("When one begins, counted from the start of the run."),
    every: gap
      .exactOptional()
      .describe(
        "Gaps between two beginnings. Left out: {median: 65h, mean: 150h}, or, where at is given, none.",
      ),
    for: time.prefault({ median: "60m", p90: "300m" }).describe("How long it lasts."),
    least: share({ above: 0 }).prefault("5%").describe("It fails at least this share of requests."),
    most: share({ above: 0 }).prefault("50%").describe("And at most this, each share between alike."),
  },
  refine: inOrder(showShare),
  check: checkPool,
  outFor: ({ for: lasts }) => [lasts],
  create: ({ pool, at, every, for: lengths, least, most }, { gateway, fleet, poolsOf, open }) => {
    const told = { name: "incident" };
    const agenda = new Agenda();
    const requests = open("requests");
    const incidents = new Incidents(
      { lengths: timeDistribution(lengths), least, most },
      open("lengths"),
      open("shares"),
    );
    const begin = (now: Instant) => {
      const { lasts, share: part } = incidents.next();
      const fails = () => requests.uniform() < part;
      for (const { index } of poolsOf(pool)) {
        gateway.incidentBegins(index, fails);
        fleet.observers.happened("fault-begins", index, now, told);
      }
      agenda.plan(after(now, lasts), (end) => {
        for (const { index } of poolsOf(pool)) {
          gateway.incidentEnds(index, fails);
          fleet.observers.happened("fault-ends", index, end, told);
        }
      });
    };
    if (at !== undefined) agenda.plan(after(START, at), begin);
    const gaps = every ?? (at === undefined ? GAPS : undefined);
    if (gaps !== undefined) agenda.planEach(new Onsets(timeDistribution(gaps), open("times")), begin);
    return agenda;
  },
});
