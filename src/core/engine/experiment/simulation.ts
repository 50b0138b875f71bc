// One run of a scenario, to be driven in slices: the batch driver behind `simulate`, the command line and a worker.
// Turns what the engine counted into a result, and ended attempts into rows where the caller asks for them.
import type { AttemptEnd, AttemptEvent, EngineObserver } from "../../api/observer.js";
import { SurgefleetError } from "../../base/errors.js";
import { OUTCOMES, outcomeOf, REASONS } from "../../base/outcome.js";
import {
  earlier,
  type Instant,
  MICROS_PER_SECOND,
  NEVER,
  START,
  since,
  toSeconds,
} from "../../base/units.js";
import type { OpenRealm } from "../../custom/code.js";
import { Role } from "../../demand/callers/request-lines.js";
import { buildResult, type ResultInput } from "../../results/build/build.js";
import type { Judging } from "../../results/build/thresholds.js";
import type { Work } from "../../results/metrics/run.js";
import type { AttemptRow } from "../../results/shape/attempt-row.js";
import { cutsOf } from "../../results/shape/cuts.js";
import type { Trigger } from "../../results/shape/recovery.js";
import type { RunResult, ThresholdResult } from "../../results/shape/result.js";
import { type Subject, UNROUTED } from "../../results/verdict/threshold.js";
import type { Scenario } from "../../scenario/schema.js";
import { thresholdsOf } from "../../scenario/thresholds.js";
import { namedVersionOf } from "../../server/profile/machine.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import { Engine } from "../engine.js";
import type { Followed } from "../measured-window.js";
import { readingsOf } from "../readings.js";
import type { Machines } from "../recorder.js";
import { plannedEvents } from "../world/planned-events.js";
import type { Seams } from "../world/seams.js";
import { AbortChecks } from "./abort-checks.js";
import { isSwinging } from "./strata.js";

export interface SimulationOptions {
  /** Replaces the scenario's seed. */
  readonly seed?: string | undefined;
  /** Opens a trace by the path that the scenario gives, as chunks of text. Needed where the scenario replays one. */
  readonly readTrace?: ((path: string) => Iterable<string>) | undefined;
  /** Opens realms for modules of users' own. Needed where the scenario names one. */
  readonly openRealm?: OpenRealm | undefined;
  /** Watches the engine from outside, as checks do, in place of `onAttempt`. */
  readonly observer?: EngineObserver | undefined;
  /**
   * Told of every attempt as it ends, and of those in flight when the run stops: for requests that came up before the
   * measured window ended. The row is reused.
   */
  readonly onAttempt?: ((row: AttemptRow) => void) | undefined;
  /** Puts something between two parts, as tests do that plant a fault. */
  readonly seams?: Seams | undefined;
  /** Whether replicas work through every step one by one: slower, with the same results. For checks and doubts. */
  readonly stepByStep?: boolean | undefined;
  /**
   * Whether the run cuts itself into batches, for intervals of its own: they say how far one that is stationary and has
   * no slow chance varies. Default: where a threshold may end it and no accounts swing.
   */
  readonly batches?: boolean | undefined;
  /** Whether the result keeps what `pooledResult` needs of it. Default false. */
  readonly isPooled?: boolean | undefined;
  /** What is estimated besides what always is, and what thresholds ask for; default: nothing. */
  readonly asked?: readonly Subject[] | undefined;
  /** What the run goes on for beyond its measured window; default: attempts and requests that began in it. */
  readonly followed?: Followed | undefined;
  /** Whether it runs to its end though a threshold with abortOnFail fails: replications do, a study looks itself. */
  readonly neverAborts?: boolean | undefined;
}

type Row = { -readonly [Key in keyof AttemptRow]: AttemptRow[Key] };

/**
 * One run, in slices: `run(events)` works through at most so many events and says whether that was the end, `now`
 * (whole microseconds) and `requests` tell how far it is, and `result()` is asked for once. It takes a scenario that
 * is checked already. Throws SurgefleetError INVALID_TRACE or NOT_FOUND where a trace is bad or cannot be opened,
 * USAGE for a seed that is not a string.
 */
export class Simulation {
  readonly seed: string;
  readonly #scenario: Scenario;
  readonly #engine: Engine;
  readonly #onAttempt: ((row: AttemptRow) => void) | undefined;
  readonly #tierNames: readonly string[];
  readonly #poolNames: readonly string[];
  readonly #abort: AbortChecks;
  readonly #isPooled: boolean;
  readonly #asked: readonly Subject[] | undefined;
  #aborted = false;
  readonly #row: Row = {
    request: 0,
    attempt: 0,
    source: "",
    account: "",
    tier: "",
    outcome: "completed",
    reason: "none",
    status: 0,
    arrived: 0,
    started: null,
    firstToken: null,
    ended: null,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    servedTier: null,
    servedPool: null,
    retryIn: null,
  };

  constructor(scenario: Scenario, options: SimulationOptions = {}) {
    this.seed = options.seed ?? scenario.seed;
    if (typeof this.seed !== "string")
      throw new SurgefleetError("USAGE", `seed is a string, as in "7", not ${typeof this.seed}`);
    this.#scenario = scenario;
    this.#onAttempt = options.onAttempt;
    this.#isPooled = options.isPooled === true;
    this.#asked = options.asked;
    this.#abort = new AbortChecks(scenario, options.neverAborts === true);
    this.#tierNames = [...Object.keys(scenario.paths), UNROUTED];
    this.#poolNames = Object.keys(scenario.pools);
    const observer: EngineObserver = {
      attempt: (event: AttemptEvent, request: number, _: number, now: Instant, end?: AttemptEnd) => {
        if (event === "ended" && end !== undefined) this.#tell(request, now, end);
      },
    };
    this.#engine = new Engine(scenario, {
      seed: this.seed,
      readTrace: options.readTrace,
      openRealm: options.openRealm,
      stepByStep: options.stepByStep,
      // Batches of one run of a population know its own accounts only: nothing ends it by them.
      batches: options.batches ?? (this.#abort.isWatching && !isSwinging(scenario)),
      followed: options.followed,
      seams: options.seams,
      observer: options.observer ?? (options.onAttempt === undefined ? undefined : observer),
    });
  }

  /** For outside checks. */
  get engine(): Engine {
    return this.#engine;
  }

  /** Simulated time so far. */
  get now(): Instant {
    return this.#engine.now;
  }

  /** When the measured window ends: what began in it is followed beyond. NEVER where only a trace knows. */
  get until(): Instant {
    return this.#engine.until;
  }

  /** Logical requests so far. */
  get requests(): number {
    return this.#engine.requests.opened;
  }

  /** What computing the run has taken so far. */
  get work(): Work {
    return { events: this.#engine.processed, ...this.#engine.recorder.work() };
  }

  /** Whether a threshold that says so has ended the run by failing. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Processes up to `maximumEvents` events; true when the run is over, or aborted. */
  run(maximumEvents = Number.POSITIVE_INFINITY): boolean {
    const engine = this.#engine;
    for (let count = 0; count < maximumEvents; count++) {
      if (this.#abort.nextAt < NEVER) this.#lookInTime();
      if (this.#aborted || !engine.step()) return true;
    }
    return false;
  }

  /** Looks at the thresholds where all that comes before a look has happened. */
  #lookInTime(): void {
    const engine = this.#engine;
    const next = engine.nextEventAt;
    while (!this.#aborted && next < NEVER && this.#abort.nextAt <= next) {
      engine.waitUntil(this.#abort.nextAt);
      this.#aborted = this.#abort.look(engine.now, (judging) => this.thresholdsSoFar(judging));
    }
  }

  /** Ends the run where it stands and returns what it found. Call once, after the last `run`. */
  result(options: { readonly partial?: boolean } = {}): RunResult {
    const end = this.#engine.close();
    this.#tellInFlight();
    const { recorder, service } = this.#engine;
    const machines = machinesOf(this.#scenario, service.parts.profiles);
    return buildResult({
      ...this.#findings(end),
      isPooled: this.#isPooled,
      partial: this.#aborted || (options.partial ?? false),
      pools: recorder.poolResults(machines, end, end > this.#opens),
      series: recorder.series(),
      timeline: recorder.events(plannedEvents(this.#scenario), end),
      waiting: recorder.waiting(),
      trigger: this.#scenario.trigger && triggerOf(this.#scenario.trigger),
    });
  }

  /**
   * How the thresholds stand, of what has happened so far. Changes nothing, and takes as long as building a result.
   * What is judged of a trigger's aftermath has no data before the end.
   */
  thresholdsSoFar(judging?: Judging): readonly ThresholdResult[] {
    const now = earlier(this.#engine.now, this.#engine.until);
    const nothing = { interval: 1, tiers: [], pools: [] };
    const findings = this.#findings(now);
    return buildResult({
      ...findings,
      ...(judging && { judging }),
      partial: true,
      pools: [],
      series: nothing,
    }).thresholds;
  }

  get #opens(): Instant {
    return (START + this.#scenario.warmup) as Instant;
  }

  #findings(
    end: Instant,
  ): Omit<ResultInput, "partial" | "pools" | "series" | "timeline" | "waiting" | "trigger"> {
    const engine = this.#engine;
    const scenario = this.#scenario;
    const opens = this.#opens;
    const sources = engine.demand.callers.map(({ source }) => source);
    const arrivalsEnd = engine.until < NEVER && end >= engine.until ? engine.until : engine.lastArrivalAt;
    return {
      scenario: scenario.name,
      description: scenario.description ?? "",
      seed: this.seed,
      tiers: this.#tierNames.map((name) => ({ name, price: scenario.paths[name]?.price ?? null })),
      ledger: engine.ledger,
      cohorts: engine.cohorts,
      fleet: engine.recorder.fleetTotals(end, end > opens),
      batches: engine.ledger.batches(),
      nameOfAccount: (account) => engine.demand.accounts.nameOf(account),
      sessions: engine.demand.callers.flatMap(({ source }) => {
        const totals = source.sessionTotals?.(engine.now);
        return totals === undefined ? [] : [{ source: source.name, totals }];
      }),
      thresholds: thresholdsOf(scenario),
      asked: this.#asked,
      time: {
        simulated: toSeconds(engine.now),
        warmup: toSeconds(scenario.warmup),
        measured: Math.max(0, since(end, opens) / MICROS_PER_SECOND),
        arrivals: Math.max(0, since(arrivalsEnd, opens) / MICROS_PER_SECOND),
      },
      work: this.work,
      reading: readingsOf(sources),
      cuts: cutsOf(sources),
    };
  }

  #tell(request: number, now: Instant, end: AttemptEnd): void {
    if (this.#isBeyond(request)) return;
    const row = this.#describe(request);
    row.outcome = OUTCOMES[outcomeOf(end.reason)]!;
    row.reason = REASONS[end.reason]!.name;
    row.status = end.status;
    row.ended = toSeconds(now);
    row.outputTokens = end.generated;
    row.retryIn = end.retryIn === undefined ? null : end.retryIn / MICROS_PER_SECOND;
    this.#onAttempt?.(row);
  }

  #tellInFlight(): void {
    if (this.#onAttempt === undefined) return;
    const { requests, demand, lastSeen: now } = this.#engine;
    for (const request of requests.underWay()) {
      // Its caller has had its answer: that it timed out.
      if (requests.role(request) === Role.abandoned || this.#isBeyond(request)) continue;
      const row = this.#describe(request);
      row.outcome = "in_flight";
      row.reason = "none";
      row.status = row.firstToken === null ? 0 : 200;
      row.ended = null;
      row.outputTokens = demand.progress(request, now);
      row.retryIn = null;
      this.#onAttempt(row);
    }
  }

  /** Whether it came up after the measured window, only to keep the fleet as busy as before. */
  #isBeyond(request: number): boolean {
    return this.#engine.requests.offeredAt(request) >= this.#engine.until;
  }

  #describe(request: number): Row {
    const { requests, demand } = this.#engine;
    const row = this.#row;
    row.request = requests.number(request);
    row.attempt = requests.attempt(request);
    row.source = demand.callers[requests.source(request)]!.source.name;
    row.account = demand.accounts.nameOf(requests.account(request));
    row.tier = this.#tierNames[requests.tier(request)]!;
    row.arrived = requests.arrivedAt(request) / MICROS_PER_SECOND;
    row.started = secondsOrNull(requests.startedAt(request));
    row.firstToken = secondsOrNull(requests.firstTokenAt(request));
    const hasStarted = row.started !== null;
    row.servedTier = hasStarted ? this.#tierNames[requests.servedPath(request)]! : null;
    row.servedPool = hasStarted ? this.#poolNames[requests.servedPool(request)]! : null;
    row.inputTokens = requests.inputTokens(request);
    row.cachedTokens = requests.cachedTokens(request);
    return row;
  }
}

/** What the step times of each pool rest on. */
export function machinesOf(
  { pools }: Pick<Scenario, "pools">,
  profiles: readonly (StepProfile | undefined)[],
): Machines[] {
  return Object.values(pools).map(({ replica }, index) => {
    const { name: profile = null, estimate = false, uncertainty = null } = profiles[index] ?? {};
    const engineVersion = "profile" in replica ? namedVersionOf(replica) : undefined;
    return { profile, engineVersion, estimate, uncertainty };
  });
}

function triggerOf({ from, for: length, window, share }: NonNullable<Scenario["trigger"]>): Trigger {
  return {
    from: toSeconds(from),
    until: toSeconds(from) + toSeconds(length),
    window: toSeconds(window),
    share,
  };
}

function secondsOrNull(micros: number): number | null {
  return Number.isFinite(micros) ? micros / MICROS_PER_SECOND : null;
}
