// LAW-14 in small: the calls of a run, written down and made once more to a server that stands alone, meet the same
// verdicts, tokens at the same instants, the same usage and the same entries in the books as in the engine. So nothing
// that a server does depends on who drives it.
import { expect, test } from "vitest";
import type { Call, Calls, Handle } from "../../src/core/api/wire.js";
import type { Instant } from "../../src/core/base/units.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario, type ScenarioInput } from "../../src/core/index.js";
import type { Ledger } from "../../src/core/results/ledger/ledger.js";
import type { ServiceLedger } from "../../src/core/server/service/books.js";
import { ServerEvent } from "../../src/core/server/service/event-kinds.js";
import { AnswerLog, ByHand } from "../support/by-hand.js";
import { expectEnough, forWorlds } from "../support/laws.js";
import { modelLifeScenario } from "../support/model-life-worlds.js";
import { randomScenario } from "../support/random-scenario.js";
import { readRandomTrace } from "../support/random-trace.js";

/** Before each deed some of the calls made before are asked how far they have come. */
const ASKED = 5;

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
  readonly told: Told;
  readonly end: When;
}

/** What a server said and what it entered, in order each. */
interface Told {
  readonly answers: readonly string[];
  readonly progress: readonly number[];
  readonly books: readonly string[];
}

const startedEntry = (path: number, arrivedAt: number, now: number) => `${path}: ${arrivedAt} to ${now}`;
const tokensEntry = (path: number, tokens: number) => `${path}: ${tokens} tokens`;

/** The ledger, which says what the server enters. */
function overheard(ledger: Ledger, books: string[]): Ledger {
  return new Proxy(ledger, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: never[]) => {
        if (name === "attemptStarted")
          books.push(startedEntry(...(given as unknown as [number, number, number])));
        if (name === "tokensGenerated") books.push(tokensEntry(...(given as unknown as [number, number])));
        return value.apply(target, given) as unknown;
      };
    },
  });
}

function ownLedger(books: string[]): ServiceLedger {
  return {
    attemptStarted: (path, arrivedAt, now) => void books.push(startedEntry(path, arrivedAt, now)),
    demoted: () => undefined,
    spilled: () => undefined,
    tokensGenerated: (path, tokens) => void books.push(tokensEntry(path, tokens)),
    wasted: () => undefined,
  };
}

/** What callers did in a run, and what they were told. */
function recorded(scenario: ScenarioInput, seed: string): Recording {
  const deeds: Deed[] = [];
  const handles: Handle[] = [];
  const books: string[] = [];
  const progress: number[] = [];
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
      ledger: (ledger) => overheard(ledger, books),
      calls: (calls): Calls => ({
        receive: (call, now) => {
          for (const handle of handles.slice(-ASKED)) progress.push(calls.progress(handle, now));
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
  return { deeds, told: { answers: log.told, progress, books }, end: { at: engine.now, events } };
}

/** The same calls, made by hand. */
function played({ deeds, end }: Recording, scenario: ScenarioInput, seed: string): Told {
  const books: string[] = [];
  const progress: number[] = [];
  const hand = new ByHand(scenario, seed, ownLedger(books));
  const handles: Handle[] = [];
  for (const deed of deeds) {
    hand.after(deed.events, deed.at);
    if ("made" in deed) hand.service.cancel(handles[deed.made]!, deed.at);
    else {
      for (const handle of handles.slice(-ASKED)) progress.push(hand.service.progress(handle, deed.at));
      handles.push(hand.service.receive(deed.call, deed.at));
    }
  }
  hand.after(end.events, end.at);
  return { answers: hand.told, progress, books };
}

let calls = 0;
let cancelled = 0;
let tokens = 0;

test("LAW-14: a log of calls through a server alone and through the engine", () => {
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const recording = recorded(scenario, seed);
    calls += recording.deeds.length;
    cancelled += recording.deeds.filter((deed) => "made" in deed).length;
    tokens += recording.told.progress.filter((some) => some > 0).length;
    expect(played(recording, scenario, seed)).toEqual(recording.told);
  });
  expectEnough(calls, 2000);
  expectEnough(cancelled, 5);
  expectEnough(tokens, 500);
});

test("LAW-14: it is the server that knows which models are there", () => {
  let missing = 0;
  forWorlds((seed) => {
    const scenario = modelLifeScenario(seed);
    const recording = recorded(scenario, seed);
    missing += recording.told.answers.filter((answer) => answer.includes("404 unknown_model")).length;
    expect(played(recording, scenario, seed)).toEqual(recording.told);
  });
  expectEnough(missing, 500);
});

test("LAW-14: a server that does not cancel what is called off is noticed", () => {
  let tried = 0;
  forWorlds((seed) => {
    const scenario = randomScenario(seed);
    const recording = recorded(scenario, seed);
    const deeds = recording.deeds.filter((deed) => !("made" in deed));
    if (deeds.length === recording.deeds.length) return;
    tried++;
    // It may even come to ask for events that are not there yet.
    const isSame = () => {
      expect(played({ ...recording, deeds }, scenario, seed)).toEqual(recording.told);
    };
    expect(isSame).toThrow();
  });
  // Of other worlds, as by night, only some call anything off.
  expectEnough(tried, 0);
});
