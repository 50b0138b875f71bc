// Runs a scenario to its end and hands out its requests as they end. Each may have a time of its own after which it is
// given up, whatever it has got by then: callers of a recorded run did what they did, and no client of the simulator's
// does that again one by one. Goes through Simulation like every other run. Knows nothing of recordings.
import type { AttemptEnd, AttemptEvent } from "../../api/observer.js";
import { after, type Instant, MICROS_PER_SECOND, NEVER, seconds, toSeconds } from "../../base/units.js";
import { CallerEvent } from "../../demand/callers/event-kinds.js";
import { Simulation } from "../../engine/experiment/simulation.js";
import type { Seams } from "../../engine/world/seams.js";
import { type EventHandle, EventQueue } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import type { Scenario } from "../../scenario/schema.js";

/** A request that has ended, in seconds since the start; undefined where it never got that far. */
export interface DrivenRequest {
  /** By arrival, from 0. */
  readonly index: number;
  readonly arrived: number;
  readonly started: number | undefined;
  readonly firstToken: number | undefined;
  readonly ended: number;
  /** The same two on the server's side, which has them before its caller is told. */
  readonly inEngine: { readonly firstToken: number | undefined; readonly ended: number };
  readonly completed: boolean;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Tokens generated. */
  readonly generated: number;
}

export interface DriveOptions {
  readonly readTrace?: (path: string) => Iterable<string>;
  /** Whether replicas work through every step by itself, so that `onStep` is told of each. */
  readonly stepByStep?: boolean;
  /** Seconds after which the request of that number is given up; undefined waits for ever. */
  readonly giveUpAfter?: (index: number) => number | undefined;
  readonly onEnd: (request: DrivenRequest) => void;
  /** Told when a step has ended; where several replicas end one at once, once. */
  readonly onStep?: (end: number) => void;
  /** For tests that plant a fault. */
  readonly seams?: Seams;
}

/** Runs a scenario whose clients do not try again. */
export function drive(scenario: Scenario, options: DriveOptions): void {
  const { giveUpAfter, onEnd, onStep, readTrace, stepByStep = false, seams } = options;
  const patience = new Patience();
  /** The slot of an attempt that its caller has just left behind; what is told of it next ends in another. */
  let abandoned: number | undefined;
  /** By slot, what is known of attempts that the engine works on for nobody: told when it is done with them. */
  const leftBehind = new Map<number, DrivenRequest>();
  const simulation = new Simulation(scenario, {
    stepByStep,
    readTrace,
    seams,
    observer: {
      attempt: (event: AttemptEvent, request: number, _: number, now: Instant, end?: AttemptEnd) => {
        const { requests } = simulation.engine;
        if (event === "arrived") {
          const wait = giveUpAfter?.(requests.number(request) - 1);
          if (wait !== undefined) patience.lasts(request, after(now, seconds(wait)));
        } else if (event === "abandoned") {
          patience.stop(request);
          abandoned = request;
        } else if (event === "left") tellLeft(request, now);
        else if (event === "ended" && end !== undefined) {
          patience.stop(request);
          const told = describe(simulation, request, abandoned ?? request, now, end);
          if (abandoned === undefined) onEnd(told);
          else leftBehind.set(abandoned, told);
          abandoned = undefined;
        }
      },
    },
  });
  const { engine } = simulation;
  let steps = 0;
  for (let over = false; !over; ) {
    const next = engine.nextEventAt;
    // What happens in the very instant happens first, as with any timeout. With nothing more to come the run is over,
    // whoever is still waited for.
    if (next < NEVER && patience.nextAt < next) {
      const { time, request } = patience.next();
      engine.waitUntil(time);
      engine.demand.handle(CallerEvent.clientTimeout, request, time);
      continue;
    }
    over = simulation.run(1);
    if (onStep === undefined || simulation.work.steps === steps) continue;
    steps = simulation.work.steps;
    onStep(toSeconds(simulation.now));
  }
  const { until, now: last } = simulation;
  for (const slot of leftBehind.keys()) tellLeft(slot, until < NEVER ? until : last);
  simulation.result();

  function tellLeft(slot: number, now: Instant): void {
    const told = leftBehind.get(slot)!;
    leftBehind.delete(slot);
    onEnd({ ...told, inEngine: inEngine(simulation, slot, told.firstToken, now) });
  }
}

/** Until when callers wait, by the slots of their requests. */
class Patience {
  readonly #events = new EventQueue();
  readonly #timers = new Map<number, EventHandle>();

  get nextAt(): Instant {
    return this.#events.nextAt;
  }

  lasts(request: number, until: Instant): void {
    const timer = this.#events.schedule(until, Phase.timeout, CallerEvent.clientTimeout, request);
    this.#timers.set(request, timer);
  }

  stop(request: number): void {
    const timer = this.#timers.get(request);
    if (timer !== undefined) this.#events.cancel(timer);
    this.#timers.delete(request);
  }

  /** Whose is over first, and is over now. */
  next(): { readonly time: Instant; readonly request: number } {
    this.#events.pop();
    const { time, subject: request } = this.#events;
    this.#timers.delete(request);
    return { time, request };
  }
}

/** `sent` is the slot of which the server knows it: another than `request` where the attempt was left behind. */
function describe(
  simulation: Simulation,
  request: number,
  sent: number,
  now: Instant,
  end: AttemptEnd,
): DrivenRequest {
  const { requests } = simulation.engine;
  const firstToken = secondsAt(requests.firstTokenAt(request));
  return {
    index: requests.number(request) - 1,
    arrived: requests.arrivedAt(request) / MICROS_PER_SECOND,
    started: secondsAt(requests.startedAt(request)),
    firstToken,
    ended: toSeconds(now),
    inEngine: inEngine(simulation, sent, firstToken, now),
    completed: end.reason === 0,
    promptTokens: requests.inputTokens(request),
    cachedTokens: requests.cachedTokens(request),
    generated: end.generated,
  };
}

/** On the server's side, as far as it has got; where nothing lies between, that is what callers are told. */
function inEngine(
  { engine: { network } }: Simulation,
  sent: number,
  told: number | undefined,
  now: Instant,
): DrivenRequest["inEngine"] {
  if (network === undefined) return { firstToken: told, ended: toSeconds(now) };
  return {
    firstToken: secondsAt(network.firstTokenLeftAt(sent)),
    ended: secondsAt(network.leftAt(sent)) ?? toSeconds(now),
  };
}

function secondsAt(time: Instant): number | undefined {
  return time < NEVER ? time / MICROS_PER_SECOND : undefined;
}
