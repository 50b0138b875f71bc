// The sources of demand of one run, out of a scenario's words: random processes, populations and traces.
import { assert } from "../../base/assert.js";
import { type Duration, NEVER, seconds } from "../../base/units.js";
import { ClosedLoopSource } from "../../demand/traffic/closed-loop.js";
import { OpenLoopSource } from "../../demand/traffic/open-loop.js";
import { type PopulationOptions, PopulationSource } from "../../demand/traffic/population/population.js";
import { type Workload, workloadNamed } from "../../demand/traffic/population/workloads.js";
import type { ShapeSpec } from "../../demand/traffic/rate/shape.js";
import { SessionBook } from "../../demand/traffic/session-book.js";
import type { Source } from "../../demand/traffic/source.js";
import type { PopulationSource as PopulationSpec, ProcessSource } from "../../scenario/resolve.js";
import type { Scenario } from "../../scenario/schema.js";
import { measuredWindow } from "../measured-window.js";
import { traceSource } from "./build-trace-source.js";
import type { SharedNames, SourceOptions } from "./source-options.js";

type SourceSpec = Scenario["traffic"][string];

export function createSource(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  options: SourceOptions,
  shared: SharedNames,
): Source {
  switch (spec.kind) {
    case "process":
      return processSource(name, spec, options, shared);
    case "population":
      return new PopulationSource(
        populationOptions(name, spec, scenario),
        options.seed,
        shared.accounts,
        shared.contexts,
      );
    case "trace":
      return traceSource(name, spec, scenario, bookOf(scenario), options, shared);
  }
}

function processSource(
  name: string,
  spec: ProcessSource,
  { seed }: SourceOptions,
  { accounts, contexts }: SharedNames,
): Source {
  if (spec.arrivals.process === "closed") {
    return new ClosedLoopSource({ ...spec, ...spec.arrivals, name }, seed, accounts, contexts);
  }
  const { process, rate = 1, shape, phases, repeat, spike } = spec.arrivals;
  const cv = spec.arrivals.process === "gamma" ? spec.arrivals.cv : 1;
  const phase = spec.arrivals.process === "constant" ? spec.arrivals.phase : 0;
  const timed: ShapeSpec =
    phases === undefined
      ? { ...shape, spike }
      : {
          ...shape,
          phases: phases.map(({ arrivalRate, ...phase }) => ({ ...phase, rate: arrivalRate })),
          repeat,
        };
  return new OpenLoopSource(
    { ...spec, name, process, rate, shape: timed, cv, phase },
    seed,
    accounts,
    contexts,
  );
}

/** What a population of the scenario is made of. */
export function populationOptions(name: string, spec: PopulationSpec, scenario: Scenario): PopulationOptions {
  const { arrivals } = spec;
  const { arrivalsUntil: until } = measuredWindow(scenario);
  assert(until < NEVER, "a population never ends by itself");
  const workload = overridden<Workload>(workloadNamed(arrivals.workload), spec.overrides);
  const swings = arrivals.swings ?? workload.swings.map(({ sigma, tau }) => ({ sigma, tau: seconds(tau) }));
  const shape: ShapeSpec = { ...(arrivals.shape ?? { daily: workload.daily }), spike: arrivals.spike };
  const cv = arrivals.cv ?? workload.cv;
  const { maxContext, largeContext } = workload.agent;
  const who = spec.accounts ?? workload.accounts;
  return {
    ...spec,
    ...workload,
    name,
    accounts: who,
    rate: arrivals.rate,
    rates: { swings, shape, cv, flash: flashOf(arrivals.flash, who.count) },
    onOff: arrivals.onOff ?? onOffOf(workload.onOff),
    subAgentMix: spec.subAgentMix,
    maxInput: spec.maxInput ?? Math.max(maxContext, largeContext.share > 0 ? largeContext.tokens : 0),
    until,
    book: bookOf(scenario),
  };
}

function bookOf(scenario: Scenario): SessionBook {
  const { from, until } = measuredWindow(scenario);
  return new SessionBook(from, until);
}

/** `given` over `base`, key by key; lists are replaced as a whole. */
function overridden<Base>(base: Base, given: unknown): Base {
  if (given === undefined) return base;
  if (!isMap(base) || !isMap(given)) return given as Base;
  const entries = Object.entries(given).map(([key, value]) => [key, overridden(base[key], value)]);
  return { ...base, ...Object.fromEntries(entries) };
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function onOffOf(spec: { on: number; off: number; share: number } | undefined) {
  return spec && { on: seconds(spec.on), off: seconds(spec.off), share: spec.share };
}

/** A scenario speaks of the whole source; each account has its share of the rushes. */
function flashOf(spec: PopulationSpec["arrivals"]["flash"], accounts: number) {
  if (spec === undefined) return undefined;
  const { every, from, to, median, sigma } = spec;
  return { every: (every * accounts) as Duration, factorFrom: from, factorTo: to, median, sigma };
}
