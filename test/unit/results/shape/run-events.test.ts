import { describe, expect, it } from "vitest";
import {
  RUN_EVENT_KINDS,
  type RunEventDetail,
  type RunEventKind,
} from "../../../../src/core/base/run-event.js";
import { instant, seconds } from "../../../../src/core/base/units.js";
import { RunEvents } from "../../../../src/core/results/ledger/run-events.js";
import { familyOf, runEventOf } from "../../../../src/core/results/shape/run-events.js";

function told(kind: RunEventKind, ...details: readonly RunEventDetail[]) {
  // So few are kept apart that two are one.
  const events = new RunEvents(details.length > 1 ? 1 : 9);
  for (const [index, detail] of details.entries()) events.add(kind, 1, instant(seconds(index + 1)), detail);
  return events.list().map((entry) => runEventOf(entry, ["shared", "fast"]));
}

describe("an event in a result", () => {
  it("says when and where it was, and in words what", () => {
    expect(told("scale-up", { before: 2, after: 5 })).toEqual([
      {
        ...{ at: 1, until: 1, kind: "scale-up", pool: "fast", count: 1, before: 2, after: 5 },
        text: "up from 2 to 5 wanted replicas",
      },
    ]);
    expect(told("scale-down", { before: 5, after: 4 }, { before: 4, after: 1 })).toEqual([
      {
        ...{ at: 1, until: 2, kind: "scale-down", pool: "fast", count: 2, before: 5, after: 1 },
        text: "down from 5 to 1 wanted replicas, in 2 steps",
      },
    ]);
  });

  it.each<[RunEventKind, readonly RunEventDetail[], string]>([
    ["no-gpus", [{ count: 2 }], "no GPUs for 2 instances"],
    ["instance-lost", [{}], "1 instance lost"],
    ["instance-lost", [{ by: "faults.a" }, { by: "faults.b" }], "2 instances lost"],
    ["instance-slow", [{ by: "faults.hot" }], "1 instance works at less than full speed (faults.hot)"],
    ["instance-hung", [{ count: 3 }], "3 instances hang"],
    ["node-lost", [{ name: "h100" }], "1 node of h100 lost"],
    [
      "node-leaving",
      [
        { name: "a", zone: 2, by: "faults.spot" },
        { name: "a", zone: 2, by: "faults.spot" },
      ],
      "2 nodes of a in zone 2 about to go (faults.spot)",
    ],
    [
      "node-lost",
      [
        { name: "a", zone: 1 },
        { name: "a", zone: 2 },
      ],
      "2 nodes of a lost",
    ],
    ["node-back", [{ name: "a" }, { name: "b" }], "2 nodes back"],
    ["fault-begins", [{ name: "hang" }], "fault hang begins"],
    ["fault-ends", [{ name: "hang" }, { name: "hang" }], "2 faults hang end"],
    ["outage-begins", [{}], "outage begins"],
    ["launch", [{ name: "kimi" }], "launch of kimi"],
    ["retirement", [{ name: "a" }, { name: "b" }], "retirement of 2 models"],
  ])("%s", (kind, details, text) => {
    expect(told(kind, ...details).map((event) => event.text)).toEqual([text]);
  });

  it("has words for every kind, and a line that it belongs to", () => {
    for (const kind of RUN_EVENT_KINDS) {
      const [event] = told(kind, {});
      expect([event!.text.length > 4, ["scale", "fault", "launch"].includes(familyOf(event!))]).toEqual([
        true,
        true,
      ]);
    }
  });

  it("counts in its text what it counts in its number, and names what several have in common", () => {
    const lost = { name: "a", by: "faults.rack", count: 2 };
    expect(told("node-lost", { ...lost, zone: 1 }, { ...lost, zone: 2 })).toEqual([
      {
        ...{ at: 1, until: 2, kind: "node-lost", pool: "fast", count: 4, name: "a", by: "faults.rack" },
        text: "4 nodes of a lost (faults.rack)",
      },
    ]);
  });

  it("is of no pool where it is of none", () => {
    const events = new RunEvents();
    events.add("node-lost", undefined, instant(seconds(1)));
    expect(runEventOf(events.list()[0]!, ["shared"]).pool).toBeNull();
  });
});
