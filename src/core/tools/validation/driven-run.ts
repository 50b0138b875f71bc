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
  const patience = new EventQueue();
  const timers = new Map<number, EventHandle>();
  const stop = (request: number) => {
    const timer = timers.get(request);
    if (timer !== undefined) patience.cancel(timer);
    timers.delete(request);
  };
  const simulation = new Simulation(scenario, {
    stepByStep,
    readTrace,
    seams,
    observer: {
      attempt: (event: AttemptEvent, request: number, _: number, now: Instant, end?: AttemptEnd) => {
        const { requests } = simulation.engine;
        if (event === "arrived") {
          const wait = giveUpAfter?.(requests.number(request) - 1);
          if (wait === undefined) return;
          const at = after(now, seconds(wait));
          timers.set(request, patience.schedule(at, Phase.timeout, CallerEvent.clientTimeout, request));
        } else if (event === "ended" && end !== undefined) {
          stop(request);
          onEnd(describe(simulation, request, now, end));
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
      giveUp();
      continue;
    }
    over = simulation.run(1);
    if (onStep === undefined || simulation.work.steps === steps) continue;
    steps = simulation.work.steps;
    onStep(toSeconds(simulation.now));
  }
  simulation.result();

  function giveUp(): void {
    patience.pop();
    const { time, subject: request } = patience;
    timers.delete(request);
    engine.waitUntil(time);
    engine.demand.handle(CallerEvent.clientTimeout, request, time);
  }
}

function describe(simulation: Simulation, request: number, now: Instant, end: AttemptEnd): DrivenRequest {
  const { requests, network } = simulation.engine;
  const told = secondsAt(requests.firstTokenAt(request));
  const left = network && secondsAt(network.leftAt(request));
  return {
    index: requests.number(request) - 1,
    arrived: requests.arrivedAt(request) / MICROS_PER_SECOND,
    started: secondsAt(requests.startedAt(request)),
    firstToken: told,
    ended: toSeconds(now),
    inEngine: {
      firstToken: network ? secondsAt(network.firstTokenLeftAt(request)) : told,
      ended: left ?? toSeconds(now),
    },
    completed: end.reason === 0,
    promptTokens: requests.inputTokens(request),
    cachedTokens: requests.cachedTokens(request),
    generated: end.generated,
  };
}

function secondsAt(time: Instant): number | undefined {
  return time < NEVER ? time / MICROS_PER_SECOND : undefined;
}
