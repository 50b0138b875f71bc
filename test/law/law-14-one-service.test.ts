// LAW-14 in small: the calls of a run, written down and made once more to a server that stands alone, meet the same verdicts,
// tokens at the same instants and the same usage as in the engine. So nothing that a server does depends on who drives it.
import { expect, test } from "vitest";
import type { Call, Calls, Handle } from "../../src/core/api/wire.js";
import type { Instant } from "../../src/core/base/units.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario, type ScenarioInput } from "../../src/core/index.js";
import { ServerEvent } from "../../src/core/server/service/event-kinds.js";
import { AnswerLog, ByHand } from "../support/by-hand.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { randomScenario } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";

interface When {
  readonly at: Instant;
  /** Events of the server's own that came before. */
  readonly events: number;
}

type Deed = When &
  (
    | { readonly call: Call }
    /** Place of the call that is cancelled among those made. */
    | { readonly made: number }
  );

interface Recording {
  readonly deeds: readonly Deed[];
  readonly told: readonly string[];
  readonly end: When;
}

/** What callers did in a run, and what they were told. */
function recorded(scenario: ScenarioInput, seed: string): Recording {
  const deeds: Deed[] = [];
  const handles: Handle[] = [];
  let log = new AnswerLog();
  let events = 0;
  const own = new Set<number>(Object.values(ServerEvent));
  const engine = new Engine(parseScenario(scenario), {
    seed,
    readTrace: readRandomTrace,
    seams: {
      events: (queue) => {
        const pop = queue.pop.bind(queue);
        queue.pop = () => {
          const isOne = pop();
          if (own.has(queue.kind)) events++;
          return isOne;
        };
        return queue;
      },
      calls: (calls): Calls => ({
        receive: (call, now) => {
          deeds.push({ call: { ...call }, at: now, events });
          const made = handles.push(-1) - 1;
          handles[made] = calls.receive(call, now);
          return handles[made];
        },
        cancel: (handle, now) => {
          deeds.push({ made: handles.lastIndexOf(handle), at: now, events });
          calls.cancel(handle, now);
        },
        progress: (handle, now) => calls.progress(handle, now),
      }),
      answers: (answers) => {
        log = new AnswerLog(answers);
        return log;
      },
    },
  });
  while (engine.step());
  return { deeds, told: log.told, end: { at: engine.now, events } };
}

/** The same calls, made by hand. */
function played({ deeds, end }: Recording, scenario: ScenarioInput, seed: string): readonly string[] {
  const hand = new ByHand(scenario, seed);
  const handles: Handle[] = [];
  for (const deed of deeds) {
    hand.after(deed.events, deed.at);
    if ("call" in deed) handles.push(hand.service.receive(deed.call, deed.at));
    else hand.service.cancel(handles[deed.made]!, deed.at);
  }
  hand.after(end.events, end.at);
  return hand.told;
}

let calls = 0;
let cancelled = 0;

test("LAW-14: a log of calls through a server alone and through the engine", () => {
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const recording = recorded(scenario, seed);
    calls += recording.deeds.length;
    cancelled += recording.deeds.filter((deed) => "made" in deed).length;
    expect(played(recording, scenario, seed)).toEqual(recording.told);
  });
  expectEnough(calls, 2000);
  expectEnough(cancelled, 20);
});

test("LAW-14: a server that is asked a microsecond later is noticed", () => {
  const scenario = randomScenario("law-14");
  const recording = recorded(scenario, "law-14");
  const deeds = recording.deeds.map((deed) => ({ ...deed, at: (deed.at + 1) as Instant }));
  expect(played({ ...recording, deeds }, scenario, "law-14")).not.toEqual(recording.told);
});
