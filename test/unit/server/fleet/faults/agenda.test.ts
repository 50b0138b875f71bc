import { describe, expect, it } from "vitest";
import { type Instant, instant, NEVER } from "../../../../../src/core/base/units.js";
import { openStream } from "../../../../../src/core/random/stream.js";
import { Agenda } from "../../../../../src/core/server/fleet/faults/agenda.js";
import { Onsets } from "../../../../../src/core/server/fleet/faults/chance/onsets.js";
import { Toll } from "../../../../../src/core/server/fleet/faults/fault.js";

const act = (agenda: Agenda, at: number) => agenda.act(instant(at), new Toll());

describe("an agenda", () => {
  it("does what is due in the order of time, and of one instant in the order of planning", () => {
    const agenda = new Agenda();
    const done: string[] = [];
    const plan = (at: number, name: string) =>
      agenda.plan(instant(at), (now) => done.push(`${name} at ${now}`));
    for (const [at, name] of [
      [5, "a"],
      [2, "b"],
      [5, "c"],
      [9, "d"],
    ] as const)
      plan(at, name);
    expect([act(agenda, 1), act(agenda, 2), act(agenda, 5), act(agenda, 9)]).toEqual([2, 5, 9, NEVER]);
    expect(done).toEqual(["b at 2", "a at 5", "c at 5", "d at 9"]);
  });

  it("does what a hundred thousand nodes have planned, as if they were sorted, and in little time", () => {
    const agenda = new Agenda();
    const stream = openStream("1", "times");
    const times = Array.from({ length: 100_000 }, () => stream.below(1000));
    const done: [at: number, place: number][] = [];
    for (const [place, at] of times.entries()) agenda.plan(instant(at), () => done.push([at, place]));
    const sorted = times.map((at, place): [number, number] => [at, place]);
    sorted.sort(([one, first], [other, second]) => one - other || first - second);
    for (let at = act(agenda, 0); at < NEVER; ) at = act(agenda, at);
    expect(done).toEqual(sorted);
  });

  it("never does what never comes", () => {
    const agenda = new Agenda();
    agenda.plan(NEVER, () => expect.fail());
    expect(act(agenda, 1)).toBe(NEVER);
  });

  it("does at once what is planned for now", () => {
    const agenda = new Agenda();
    let done = 0;
    agenda.plan(instant(3), (now) => agenda.plan(now, () => done++));
    expect([act(agenda, 3), done]).toEqual([NEVER, 1]);
  });

  it("comes again for what recurs", () => {
    const agenda = new Agenda();
    const seen: Instant[] = [];
    agenda.planEach(new Onsets({ dist: "constant", value: 10 }, openStream("1", "x")), (now) =>
      seen.push(now),
    );
    let next = act(agenda, 0);
    for (let time = 0; time < 3; time++) next = act(agenda, next);
    expect(seen.slice(1).map((at, index) => at - seen[index]!)).toEqual([10e6, 10e6]);
    expect([seen[0]! > 0 && seen[0]! <= 10e6, next]).toEqual([true, seen[2]! + 10e6]);
  });
});
