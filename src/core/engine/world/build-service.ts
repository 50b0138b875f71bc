// The server of one run, out of a scenario's words: its fleet, pool by pool, and the gateway in front of it.
import type { ServiceObserver } from "../../api/observer.js";
import { after, type Instant, START } from "../../base/units.js";
import type { OpenRealm } from "../../custom/code.js";
import type { CustomRun } from "../../document/custom-instance.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import { Phase } from "../../kernel/phase.js";
import { openStream, type Seed, type Stream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { Cause, type ServedPath } from "../../server/attempts/stated/rows.js";
import type { Foresight } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { Fleet } from "../../server/fleet/fleet.js";
import type { FleetPool } from "../../server/fleet/fleet-options.js";
import { Pool } from "../../server/fleet/pool.js";
import { Admission } from "../../server/gateway/admission.js";
import type { CacheEstimator } from "../../server/gateway/cached/estimator.js";
import { createCacheEstimator } from "../../server/gateway/cached/registry.js";
import { createLimit } from "../../server/gateway/concurrency/registry.js";
import { Gateway } from "../../server/gateway/gateway.js";
import { createPolicy } from "../../server/gateway/policies/registry.js";
import { AnswerTable } from "../../server/gateway/providers/answers.js";
import { providerNamed } from "../../server/gateway/providers/registry.js";
import { createQueueRule } from "../../server/gateway/queue/registry.js";
import type { StepProfile } from "../../server/profile/step-profile.js";
import type { ReplicaMaker } from "../../server/replica/engine.js";
import { replicaMaker } from "../../server/replica/engines.js";
import type { ReplicaListener } from "../../server/replica/replica.js";
import type { PoolHistory, ServiceLedger } from "../../server/service/books.js";
import { ServerEvent } from "../../server/service/event-kinds.js";
import { Service } from "../../server/service/service.js";
import type { ServiceParts } from "../../server/service/service-parts.js";
import { buildColdStart, buildControl, buildSizing } from "./build-control.js";
import { buildFaults } from "./build-faults.js";
import { buildLimits } from "./build-limits.js";
import { customRun } from "./custom-run.js";
import { buildOpenPaths, buildServedPaths, lanesOf } from "./paths.js";
import type { Seams } from "./seams.js";

const nothing = () => undefined;
const NO_LEDGER: ServiceLedger = {
  attemptStarted: nothing,
  demoted: nothing,
  spilled: nothing,
  tokensGenerated: nothing,
  wasted: nothing,
};
const NO_HISTORY: PoolHistory = { poolChanged: nothing, outage: nothing };

/** The parts of a server, with what a result tells of them. */
export interface SimulatedParts extends ServiceParts {
  /** All of the run, whether they are there right now or not. */
  readonly paths: readonly ServedPath[];
  /** By pool; replicas without steps have no profile. */
  readonly admissions: readonly Admission[];
  readonly profiles: readonly (StepProfile | undefined)[];
}

export type SimulatedService = Service<SimulatedParts>;

export interface ServiceOptions {
  readonly seed: Seed;
  /** The clock: the server schedules its own events there, and is to be told of each by `handle` when it comes. */
  readonly events: EventQueue;
  /** Whether replicas work through every step one by one; default false. */
  readonly stepByStep?: boolean;
  /** Where it enters what its attempts took and how its pools stand; by default nowhere. */
  readonly ledger?: ServiceLedger;
  readonly history?: PoolHistory;
  readonly observer?: ServiceObserver | undefined;
  /** What autoscalers of a pool are shown that foresee; by default nothing. */
  readonly foresight?: ((pool: number) => Foresight | undefined) | undefined;
  readonly seams?: Seams | undefined;
  /** Opens realms for modules of users' own. Needed where the scenario names one. */
  readonly openRealm?: OpenRealm | undefined;
}

/**
 * The server of a checked scenario: its gateway and its pools, without callers, sources or a run. Tell it whom to
 * answer (`answerTo`), make calls (`receive`), and hand it its events as they come (`handle`).
 */
export function buildService(scenario: Scenario, options: ServiceOptions): SimulatedService {
  const { events, ledger = NO_LEDGER, history = NO_HISTORY, observer, seams } = options;
  scheduleOutages(scenario, events);
  return new Service({
    events,
    ledger,
    history,
    observer,
    build: (own) => {
      const listener = seams?.listener?.(own) ?? own;
      return buildParts(scenario, listener, options);
    },
  });
}

/** Those of whole pools; what takes some of their instances is a fault. */
function scheduleOutages({ outages, pools }: Scenario, events: EventQueue): void {
  const names = Object.keys(pools);
  for (const { pool, from, for: length, instances } of outages) {
    if (instances !== undefined) continue;
    const begins = after(START, from);
    const subject = names.indexOf(pool);
    events.schedule(begins, Phase.fault, ServerEvent.outageBegins, subject);
    events.schedule(after(begins, length), Phase.fault, ServerEvent.outageEnds, subject);
  }
}

function buildParts(
  scenario: Scenario,
  listener: ReplicaListener,
  { seed, events, stepByStep = false, foresight = nothing, seams, openRealm }: ServiceOptions,
): SimulatedParts {
  const paths = buildServedPaths(scenario);
  const custom = customRun(scenario, openRealm);
  const built = buildPools(scenario, { seed, events, listener, stepByStep, seams, custom });
  const retryChance = openStream(seed, "gateway/retry-after");
  const limits = buildLimits(scenario);
  const made = new Gateway({
    admissions: built.admissions,
    limits,
    cached: buildCacheEstimators(scenario, built, limits?.looksAtCached === true),
    retryAfter: retryAfterOptions(scenario.retryAfter),
    answers: buildAnswers(scenario),
    softens: paths.map(({ detours }) => detours.some(({ causes }) => (causes & Cause.softLimit) !== 0)),
    signals: (pool: number, now: Instant) => built.pools[pool]!.signalsAt(now),
    chance: () => retryChance.uniform(),
  });
  const { fleet, sizing, pools, admissions, profiles } = built;
  const gateway = seams?.gateway?.(made) ?? made;
  const openPaths = buildOpenPaths(scenario, paths);
  const controllers = buildControl(scenario, {
    ...{ sizing, openPaths, profiles, events, custom },
    foresight: (pool) => seamedForesight(foresight(pool), seams),
  });
  const faults = buildFaults(scenario, { sizing, gateway, controllers }, { seed, events });
  // Written out: engines forget the hidden class of a spread object with the last such object, and compile everything
  // that reads it anew for the next run.
  return {
    paths,
    openPaths,
    fleet,
    sizing,
    pools,
    gateway,
    controllers,
    faults,
    admissions,
    profiles,
  };
}

interface PoolsOptions {
  readonly seed: Seed;
  readonly events: EventQueue;
  readonly listener: ReplicaListener;
  readonly stepByStep: boolean;
  readonly seams?: Seams | undefined;
  readonly custom: CustomRun | undefined;
}

function buildPools(scenario: Scenario, options: PoolsOptions) {
  const { seed, events, listener, stepByStep, seams, custom } = options;
  const { types } = scenario.inventory;
  const admissions: Admission[] = [];
  const pools = Object.entries(scenario.pools).map(([name, spec]): FleetPool => {
    const maker = replicaMaker(spec.replica, {
      stepByStep,
      sharesContexts: Object.values(scenario.traffic).some(sharesContexts),
      openChance: () => openStream(seed, `fleet/${name}/acceptance`),
    });
    const made = buildAdmission(scenario, name, seed, custom);
    const admission = seams?.admission?.(made) ?? made;
    admissions.push(admission);
    const built = new Pool({
      name,
      kvMost: maker.kvTokens,
      admission,
      placement: {
        ...spec.placement,
        chance: openStream(seed, `fleet/${name}/placement`),
        lossChance: drawsOf(seed, `fleet/${name}/placement-signals`),
      },
      signals: { ...spec.signals, chance: drawsOf(seed, `fleet/${name}/signals`) },
    });
    return {
      pool: seams?.pool?.(built) ?? built,
      maker: seamed(maker, seams),
      gpusPerReplica: spec.gpusPerReplica,
      nodeTypes: spec.nodes?.map((type) => types.findIndex((one) => one.name === type)),
      coldStart: buildColdStart(spec, () => openStream(seed, `fleet/${name}/cold-start`)),
    };
  });
  const { replica: kind, start: startKind } = ServerEvent;
  const made = new Fleet({ pools, inventory: types, events, kind, startKind, listener });
  const fleet = seams?.fleet?.(made) ?? made;
  return {
    fleet,
    sizing: buildSizing(scenario, fleet),
    pools: fleet.pools,
    admissions,
    keepsContexts: pools.map(({ maker }) => maker.keepsContexts),
    profiles: pools.map(({ maker }) => maker.profile),
  };
}

/**
 * By pool, what estimates how much of a prompt is cached: one for all, where contexts stay, and none at all where
 * nothing looks at it. Modules of users' own may.
 */
function buildCacheEstimators(
  { cacheEstimator, modules }: Scenario,
  { admissions, keepsContexts }: Pick<ReturnType<typeof buildPools>, "admissions" | "keepsContexts">,
  isLimited: boolean,
): readonly (CacheEstimator | undefined)[] | undefined {
  const isWanted = isLimited || modules !== undefined || admissions.some(({ weighs }) => weighs);
  if (!isWanted) return undefined;
  const estimator = createCacheEstimator(cacheEstimator);
  return keepsContexts.map((keeps) => (keeps ? estimator : undefined));
}

/** The draws of a stream that is opened with the first of them: most worlds lose no signals. */
function drawsOf(seed: Seed, name: string): () => number {
  let stream: Stream | undefined;
  return () => {
    stream ??= openStream(seed, name);
    return stream.uniform();
  };
}

function seamedForesight(foresight: Foresight | undefined, seams: Seams | undefined): Foresight | undefined {
  return foresight && (seams?.foresight?.(foresight) ?? foresight);
}

/** With the seam behind every replica that it makes. */
function seamed(maker: ReplicaMaker, seams: Seams | undefined): ReplicaMaker {
  const seam = seams?.replica;
  if (seam === undefined) return maker;
  return { ...maker, create: (clock, listener) => seam(maker.create(clock, listener)) };
}

function buildAdmission(
  scenario: Scenario,
  pool: string,
  seed: Seed,
  custom: CustomRun | undefined,
): Admission {
  const { concurrency, admission, discipline } = scenario.pools[pool]!;
  const lanes = lanesOf(scenario, pool);
  const paths = Object.keys(scenario.paths).map((name) => {
    const lane = lanes.find((one) => one.name === name);
    return { name, isServed: lane !== undefined, rank: lane?.rank ?? 0 };
  });
  const chanceOf = (part: string) => {
    const stream = openStream(seed, `gateway/${pool}/${part}`);
    return () => stream.uniform();
  };
  const own = custom && { ...custom, where: `pool ${pool}`, paths };
  return new Admission({
    limit: createLimit(concurrency, { chance: chanceOf("limit") }, own),
    policy: createPolicy(admission, { paths, chance: chanceOf("policy") }, own),
    rule: createQueueRule(discipline, { lanes }, own),
  });
}

/** Whether prompts of a source may begin alike: those of a trace or a population may go on with one another. */
function sharesContexts(source: Scenario["traffic"][string]): boolean {
  return source.kind !== "process" || source.prefix !== undefined;
}

/** What causes are answered with, on each path. */
function buildAnswers({ provider: { preset, answers }, paths }: Scenario): AnswerTable {
  const serviceTiers = Object.values(paths).map(({ serviceTier }) => serviceTier);
  return new AnswerTable(providerNamed(preset), answers, serviceTiers);
}

function retryAfterOptions({ overloaded, rateLimited, ...rest }: Scenario["retryAfter"]) {
  return {
    ...rest,
    overloaded: overloaded === "none" ? undefined : overloaded,
    rateLimited: rateLimited === "none" ? undefined : rateLimited,
  };
}
