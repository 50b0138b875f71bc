// Watches a run from outside and knows only the laws: it keeps books of its own from the events and compares. What
// each law demands is in checker/, one file per subject; this file deals the events out and drives the run.

import type { AttemptEnd, AttemptEvent, EngineObserver } from "../../src/core/api/observer.js";
import { NONE } from "../../src/core/base/none.js";
import { REASONS } from "../../src/core/base/outcome.js";
import type { Instant } from "../../src/core/base/units.js";
import { Engine } from "../../src/core/engine/engine.js";
import { parseScenario } from "../../src/core/engine/experiment/simulate.js";
import { Simulation } from "../../src/core/engine/experiment/simulation.js";
import type { Seams } from "../../src/core/engine/world/seams.js";
import type { RunResult } from "../../src/core/results/shape/result.js";
import type { Scenario, ScenarioInput } from "../../src/core/scenario/schema.js";
import { type Attempt, Books, type Stage } from "./checker/books.js";
import { Capacity } from "./checker/capacity.js";
import { Causality } from "./checker/causality.js";
import { type Cut, Cuts } from "./checker/cuts.js";
import { Deadlines } from "./checker/deadlines.js";
import { EventLog, logAttempts } from "./checker/event-log.js";
import { FleetBooks } from "./checker/fleet.js";
import { FrontDoor } from "./checker/front-door.js";
import { GatewaySpies } from "./checker/gateway-spies.js";
import { Requests } from "./checker/requests.js";
import { Shedding } from "./checker/shedding.js";
import { Totals } from "./checker/totals.js";
import { type LawId, type Violation, Violations } from "./checker/violations.js";
import { readRandomTrace } from "./random-trace.js";

const COMPLETED = 0;
/** Where the server has not done with an attempt. */
const IN_SERVER: ReadonlySet<Stage> = new Set(["arrived", "queued", "running"]);

const settlementOf = (isWhole: boolean, cut: Cut | undefined) => {
  const unfinished = (cut?.generated ?? 0) > 0 ? "cut" : "shed";
  return isWhole ? "completed" : unfinished;
};

class Checker implements EngineObserver {
  readonly log = new EventLog();
  readonly found = new Violations();
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #requests: Requests;
  readonly #cuts: Cuts;
  readonly #door: FrontDoor;
  readonly #deadlines: Deadlines;
  readonly #causality: Causality;
  readonly #shedding: Shedding;
  readonly #gateway: GatewaySpies;
  readonly #capacity: Capacity;
  readonly #totals: Totals;
  readonly #fleet: FleetBooks;
  readonly #end: number;
  /** Whether an attempt has moved since the pools were looked at: until one does, there is nothing new to see. */
  #hasMoved = false;
  /** Why the request ends next whose own client has just let no try leave. */
  #rejection: number | undefined;
  /** The attempt that its caller has just abandoned: that side of it ends next. */
  #abandoned: Attempt | undefined;

  constructor(engine: Engine, scenario: Scenario) {
    this.#engine = engine;
    this.#books = new Books(engine);
    this.#causality = new Causality(engine, scenario, this.found);
    this.#capacity = new Capacity(engine, scenario, this.#books, this.found);
    this.#shedding = new Shedding(engine, scenario, this.#books, this.#capacity, this.found);
    this.#gateway = new GatewaySpies(engine, scenario, this.#books, this.found);
    this.#cuts = new Cuts(engine);
    this.#door = new FrontDoor(engine, scenario, this.#books, this.found, {
      begins: (attempt, now) => this.#begins(attempt, now),
      done: (attempt, reason, generated, now) => this.#done(attempt, reason, generated, now),
    });
    this.#requests = new Requests(engine, this.found);
    this.#deadlines = new Deadlines(engine, this.found);
    this.#totals = new Totals(engine, scenario, this.#books, this.#requests, this.found);
    this.#fleet = new FleetBooks(engine, scenario, this.found);
    this.#end = scenario.drain ? Number.POSITIVE_INFINITY : engine.until;
  }

  beforeStep(next: number): void {
    this.#totals.beforeStep(next);
    this.#gateway.beforeStep(next);
    this.#fleet.beforeStep(next);
  }

  attempt(event: AttemptEvent, slot: number, inside: number, now: Instant, end?: AttemptEnd): void {
    this.#causality.tick(now);
    this.#hasMoved = true;
    logAttempts(this.log, this.#engine, event, slot, inside, now, end);
    if (event === "arrived") {
      this.#arrived(slot, now);
      return;
    }
    const rejection = this.#rejection;
    this.#rejection = undefined;
    if (event === "rejected") {
      this.#rejectedLocally(slot, now, end!);
      return;
    }
    if (event === "gave_up" && rejection !== undefined) {
      this.#gaveUp(slot, rejection, now);
      return;
    }
    const attempt = event === "ended" ? this.#endingIn(slot) : this.#books.attempts.get(slot);
    if (attempt === undefined) this.found.add("LAW-3", now, `${event} of a request that never arrived`);
    else this.#moved(event, attempt, inside, now, end);
  }

  #arrived(slot: number, now: number): void {
    const previous = this.#books.attempts.get(slot);
    const book = this.#requests.of(slot);
    const attempt = this.#books.open(slot, ++book.attempts, now);
    this.#causality.arrived(attempt, previous);
    this.#requests.arrived(attempt, book);
    this.#totals.arrived(attempt, book);
  }

  /** The attempt that ends in a slot: where a caller has just abandoned one, its side of that. */
  #endingIn(slot: number): Attempt | undefined {
    const abandoned = this.#abandoned;
    this.#abandoned = undefined;
    if (abandoned === undefined) return this.#books.attempts.get(slot);
    const away = this.#books.openAway(slot, abandoned);
    this.#requests.of(slot).live.add(away);
    return away;
  }

  #rejectedLocally(slot: number, now: number, { reason, retryIn }: AttemptEnd): void {
    const book = this.#requests.of(slot);
    const goesOn = retryIn !== undefined;
    this.#totals.rejectedLocally(book, this.#engine.requests.tier(slot), now, goesOn);
    if (!goesOn) this.#rejection = reason;
    const last = this.#books.attempts.get(slot);
    if (last === undefined || last.request !== book.number) return;
    if (goesOn) last.retryAt = Number.NEGATIVE_INFINITY;
    else last.stage = "gone";
  }

  #gaveUp(slot: number, reason: number, now: number): void {
    const book = this.#requests.of(slot);
    this.#requests.gaveUp(book, now);
    this.#totals.gaveUp(book, reason);
  }

  #moved(
    event: AttemptEvent,
    attempt: Attempt,
    inside: number,
    now: number,
    end: AttemptEnd | undefined,
  ): void {
    if (event === "queued") {
      const isStated = this.#books.takesSeat(attempt, inside);
      this.found.expect(
        isStated,
        "LAW-9",
        now,
        () => `request ${attempt.request} is served where nothing says so`,
      );
    }
    if (event === "queued" || event === "started") this.#shedding.moved(attempt.pool);
    switch (event) {
      case "queued":
        this.#causality.queued(attempt, now);
        this.#shedding.joining(attempt, now);
        this.#books.join(attempt, inside, now);
        this.#totals.seated(attempt);
        return;
      case "started":
        this.#causality.started(attempt, now);
        this.#shedding.starting(attempt, now);
        this.#totals.starting(attempt, now);
        this.#started(attempt, now);
        return;
      case "first_token":
        if (!this.#door.isFar) this.#begins(attempt, now);
        this.#causality.firstToken(attempt, now);
        this.#door.told(attempt, now);
        this.#totals.firstToken(attempt, now);
        attempt.firstTokenAt = now;
        this.#requests.answered(attempt, this.#requests.of(attempt.slot));
        return;
      case "preempted":
        this.#causality.preempted(attempt, now);
        this.#shedding.preempted(attempt, now);
        this.#totals.preempted(attempt, now);
        attempt.lostAfter = this.#books.generatedBy(attempt, now);
        return;
      case "abandoned":
        this.#causality.abandoned(attempt, now);
        this.#requests.leftAlone(attempt, this.#requests.of(attempt.slot));
        attempt.isAbandoned = true;
        this.#abandoned = attempt;
        return;
      case "left":
        this.#left(attempt, now);
        return;
      case "gave_up":
        this.#causality.gaveUp(attempt, now);
        this.#gaveUp(attempt.slot, attempt.reason, now);
        attempt.stage = "gone";
        return;
      default:
        this.#ended(attempt, now, end!);
    }
  }

  #started(attempt: Attempt, now: number): void {
    const known = attempt.cachedTokens;
    this.#books.start(attempt, now);
    this.#totals.foundCached(attempt, known, now);
    this.#fleet.started(attempt, now);
    this.#shedding.startingOn(attempt, attempt.replica, now);
  }

  #begins(attempt: Attempt, now: number): void {
    this.#hasMoved = true;
    this.#shedding.moved(attempt.pool);
    this.#causality.begins(attempt, now);
    attempt.beganAt = now;
  }

  /** The server is done with an attempt: what it does for its caller comes with that, or later. */
  #done(attempt: Attempt, reason: number, generated: number, now: number): void {
    const { stage, isAbandoned } = attempt;
    this.#hasMoved = true;
    // A refusal on arrival changes nothing in the pool.
    if (stage !== "arrived") this.#shedding.moved(attempt.pool);
    const cut = this.#cuts.take(attempt.inside);
    const isWhole = stage === "running" && cut === undefined;
    if (isAbandoned) this.#gateway.leaving(attempt, settlementOf(isWhole, cut), now);
    else {
      this.#causality.done(attempt, reason, now);
      this.#shedding.ending(attempt, reason, now);
      this.#gateway.ending(attempt, reason, generated, isWhole, now);
    }
    const prefilled = isWhole ? attempt.inputTokens - attempt.cachedTokens : (cut?.prefilled ?? 0);
    const ofWork = isWhole ? attempt.outputTokens : (cut?.generated ?? 0);
    attempt.done = { prefilled, generated: isAbandoned ? ofWork : generated };
    attempt.doneAs = isAbandoned ? (isWhole ? COMPLETED : NONE) : reason;
    attempt.doneAt = now;
    this.#totals.done(attempt, attempt.doneAs === COMPLETED, now);
    this.#shedding.over(attempt, attempt.done.generated, now);
    this.#books.end(attempt);
  }

  #ended(attempt: Attempt, now: number, end: AttemptEnd): void {
    const book = this.#requests.of(attempt.slot);
    // What its caller calls off, or where nothing lies between: the server is done with it at this very instant.
    if (IN_SERVER.has(attempt.stage)) this.#done(attempt, end.reason, end.generated, now);
    else this.#door.ended(attempt, end.reason, now);
    this.#causality.ended(attempt, end, now);
    this.#deadlines.ended(attempt, book, end.reason, now);
    const isWhole = attempt.stage === "leaving" && attempt.doneAs === COMPLETED;
    if (isWhole && end.reason !== COMPLETED) this.#totals.wasted(attempt);
    this.#totals.ending(attempt, book, end, now);
    const goesOnElsewhere = this.#requests.ended(attempt, book, end.reason, now);
    attempt.stage = "resting";
    attempt.reason = end.reason;
    attempt.endedAt = now;
    if (end.retryIn !== undefined) attempt.retryAt = now + end.retryIn;
    if (REASONS[end.reason]!.name === "none" || goesOnElsewhere) attempt.stage = "gone";
  }

  #left(attempt: Attempt, now: number): void {
    if (IN_SERVER.has(attempt.stage)) this.#done(attempt, NONE, 0, now);
    this.#causality.left(attempt, now);
    if (attempt.doneAs === COMPLETED) this.#totals.wasted(attempt);
    attempt.stage = "gone";
  }

  settled(now: Instant): void {
    this.#causality.tick(now);
    this.#causality.settled(this.#books, now);
    this.#fleet.settled(now);
    if (!this.#hasMoved) return;
    this.#hasMoved = false;
    this.#capacity.settled(now);
    this.#shedding.settled(now);
  }

  /** `result` is that of an unwatched run of the same world; undefined where there is none to compare with. */
  finish(result: RunResult | undefined): void {
    this.#causality.finish(this.#books, this.#end);
    this.#gateway.finish(this.#engine.now);
    this.#door.finish(this.#engine.now);
    for (const book of this.#requests.all.values())
      for (const attempt of book.live) this.#deadlines.finish(attempt, book, this.#engine.now);
    if (result === undefined) return;
    this.#totals.finish(result);
    this.#fleet.finish(result);
  }
}

/** Faults that the canaries plant, to see that the checker notices. */
export interface Faults {
  /** Changes the world before it runs. There is no clean result to compare with then. */
  readonly plant?: () => Seams;
  /** Changes what the checker is told. */
  readonly doctor?: (checker: EngineObserver) => EngineObserver;
  /** Changes the result. */
  readonly tamper?: (result: RunResult) => RunResult;
  /** Ends the run where this law is first broken: what comes after that says no more of the fault. */
  readonly stopAt?: LawId | undefined;
}

export interface RunOptions {
  readonly stepByStep?: boolean;
  /** Whether the run makes intervals of its own, which takes longer than a small world does; default false. */
  readonly batches?: boolean;
  /** Sees the world before it begins, and may count what happens in it. */
  readonly watch?: ((engine: Engine, scenario: Scenario) => void) | undefined;
}

export interface CheckedRun {
  readonly result: RunResult | undefined;
  readonly log: EventLog;
  readonly violations: readonly Violation[];
}

const parsed = new WeakMap<ScenarioInput, Scenario>();

/** Reads a world once, however often it runs. */
function read(scenario: ScenarioInput): Scenario {
  const known = parsed.get(scenario);
  if (known !== undefined) return known;
  const fresh = parseScenario(scenario);
  parsed.set(scenario, fresh);
  return fresh;
}

/** Runs a world under every law that one run can show. An error that the simulator throws is a violation too. */
export function runChecked(
  input: ScenarioInput,
  seed: string,
  { stepByStep = false, batches = false, watch, ...faults }: Faults & RunOptions = {},
): CheckedRun {
  const scenario = read(input);
  let watcher: EngineObserver = {};
  const simulation = new Simulation(scenario, {
    seed,
    stepByStep,
    batches,
    seams: faults.plant?.(),
    readTrace: readRandomTrace,
    observer: {
      attempt: (...told) => watcher.attempt?.(...told),
      settled: (now) => watcher.settled?.(now),
    },
  });
  const { engine } = simulation;
  const checker = new Checker(engine, scenario);
  watcher = faults.doctor?.(checker) ?? checker;
  watch?.(engine, scenario);
  let result: RunResult | undefined;
  try {
    do checker.beforeStep(engine.nextEventAt);
    while (!simulation.run(1) && !isTold(checker, faults));
    if (isTold(checker, faults)) {
      engine.close();
      return { result, log: checker.log, violations: checker.found.list };
    }
    if (faults.plant === undefined) result = tampered(simulation.result(), faults);
    else engine.close();
    checker.finish(result);
  } catch (error) {
    checker.found.add(lawOf(error), engine.now, String((error as Error).stack));
  }
  return { result, log: checker.log, violations: checker.found.list };
}

/** What happens in a world, without the checker. */
export function logOf(input: ScenarioInput, seed: string): EventLog {
  const log = new EventLog();
  const engine: Engine = new Engine(read(input), {
    seed,
    readTrace: readRandomTrace,
    observer: { attempt: (event, ...told) => logAttempts(log, engine, event, ...told) },
  });
  while (engine.step());
  engine.close();
  return log;
}

const isTold = ({ found }: Checker, { stopAt }: Faults) => stopAt !== undefined && found.has(stopAt);

const tampered = (result: RunResult, { tamper }: Faults) => tamper?.(result) ?? result;

/** The same world run as users run it: without an observer nothing may be different. */
export function runUnwatched(input: ScenarioInput, seed: string): RunResult {
  const simulation = new Simulation(read(input), { seed, batches: false, readTrace: readRandomTrace });
  simulation.run();
  return simulation.result();
}

/** The simulator's own asserts name the law they hold. */
function lawOf(error: unknown): LawId {
  return (/LAW-\d+/.exec(String(error))?.[0] as LawId | undefined) ?? "CRASH";
}

/** LAW-4: two runs that should be one and the same. Names the first event in which they differ. */
export function compareRuns(first: CheckedRun, second: CheckedRun): readonly Violation[] {
  return compared("LAW-4", ["one run", "the other"], first, second, JSON.stringify);
}

/** LAW-5: the same world in macro-steps and step by step. Only what computing it took may differ. */
export function compareForms(macro: CheckedRun, step: CheckedRun): readonly Violation[] {
  const found = ({ work: _, ...rest }: RunResult) => JSON.stringify(rest);
  const differences = compared("LAW-5", ["macro-steps", "steps"], macro, step, found);
  const [most, least] = [step.result?.work.steps ?? 0, macro.result?.work.steps ?? 0];
  if (least <= most) return differences;
  // Where a run is cut off, steps in progress are not counted yet.
  return [...differences, { law: "LAW-5", at: 0, message: `${least} steps, of ${most} one by one` }];
}

function compared(
  law: LawId,
  [one, other]: readonly [string, string],
  first: CheckedRun,
  second: CheckedRun,
  textOf: (result: RunResult) => string,
): readonly Violation[] {
  const found = new Violations();
  const row = first.log.firstDifference(second.log);
  const [told, others] = [first.result, second.result].map((result) => result && textOf(result));
  if (row !== undefined) {
    const [event, counterpart] = [first.log.describe(row), second.log.describe(row)];
    found.add(law, 0, `event ${row} differs: ${event} in ${one}, ${counterpart} in ${other}`);
  } else if (told !== others) {
    found.add(law, 0, "equal events, but different results");
  }
  return found.list;
}
