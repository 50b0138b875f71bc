// A population of callers: accounts of very different size, each an agent, a program or a person in a chat, whose
// rates vary and whose sessions continue from answers, strictly closed loop. Knows nothing of the fleet beyond those
// answers, and no answer changes what a session asks for: it only moves it in time, or ends it.
import { assert } from "../../../base/assert.js";
import { NONE } from "../../../base/none.js";
import { after, type Instant, NEVER, START, seconds } from "../../../base/units.js";
import { EventQueue } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import { openStream, type Seed, type Stream } from "../../../random/stream.js";
import type { SessionTotals } from "../../../stats/session-lives.js";
import type { AccountNames } from "../accounts.js";
import type { Contexts } from "../contexts.js";
import { Cuts } from "../lengths.js";
import { Mix, type MixEntry } from "../mix.js";
import { createMoves, type Moves } from "../moves.js";
import type { OpenSession, SessionBook } from "../session-book.js";
import { drawLognormal } from "../sessions/draws.js";
import { nominalSeconds } from "../sessions/lifetimes.js";
import type { ThreadPlan } from "../sessions/plan.js";
import { SubAgentPlan } from "../sessions/sub-agent-plan.js";
import { Thread } from "../sessions/thread.js";
import type { Arrival, RequestEnd, Source } from "../source.js";
import { buildMembers, type Member, type PopulationOptions } from "./population-members.js";
import type { SessionStarts } from "./session-starts.js";

export type { PopulationOptions } from "./population-members.js";

/** What stands in the calendar: an account's next start, a thread's next request, an answer to one before the start. */
const Kind = { start: 0, request: 1, answer: 2 } as const;

export class PopulationSource implements Source {
  readonly name: string;
  readonly sessions: SessionBook;
  readonly cuts: Cuts = new Cuts();
  readonly #options: PopulationOptions;
  readonly #seed: Seed;
  readonly #contexts: Contexts;
  readonly #members: readonly Member[];
  readonly #mix: Mix;
  readonly #cheap: Mix | undefined;
  readonly #moves: Moves | undefined;
  /** Times below 0 are before the start. */
  readonly #calendar = new EventQueue();
  readonly #threads: Thread[] = [];
  readonly #free: number[] = [];
  readonly #firstPrefix: number;
  readonly #firstSubPrefix: number;

  constructor(options: PopulationOptions, seed: Seed, names: AccountNames, contexts: Contexts) {
    const { name, mix, subAgentMix, agent, book } = options;
    const stream = openStream(seed, `traffic/${name}/mix`);
    this.name = name;
    this.sessions = book;
    this.#options = options;
    this.#seed = seed;
    this.#contexts = contexts;
    this.#mix = new Mix(mix, stream);
    this.#cheap = subAgentMix && new Mix(subAgentMix, stream);
    this.#moves = createMoves(options, seed, names);
    this.#firstPrefix = contexts.openPrefixes(agent.prefix.groups);
    this.#firstSubPrefix = contexts.openPrefixes(agent.prefix.groups);
    this.#members = buildMembers(options, seed, names);
    for (let index = 0; index < this.#members.length; index++) {
      this.#beginEarlier(index);
      this.#awaitStart(index);
    }
    this.#settle();
  }

  get nextAt(): Instant {
    return this.#calendar.nextAt;
  }

  /** Whose request it is that `take` has just described under this ticket; for writing traces. */
  threadOf(ticket: number): {
    readonly session: string;
    readonly agent: string;
    readonly kind: "human" | "tool";
  } {
    const thread = this.#threads[ticket]!;
    const main = thread.parent === NONE ? thread : this.#threads[thread.parent]!;
    const agent = thread.parent === NONE ? "" : thread.id.slice(main.id.length + 1);
    return { session: main.id, agent, kind: thread.plan!.byHuman ? "human" : "tool" };
  }

  /** Threads that are alive, sub-agents included. */
  get liveThreads(): number {
    return this.#threads.length - this.#free.length;
  }

  take(arrival: Arrival): void {
    const slot = this.#next(arrival);
    if (slot !== NONE) this.#describe(slot, arrival);
    this.#settle();
  }

  ended({ ticket, completed, cost }: RequestEnd, now: Instant): void {
    this.#requestEnded(ticket, completed, cost, now);
    this.#settle();
  }

  sessionTotals(now: Instant): SessionTotals {
    return this.sessions.totals(this.#underWay(), now);
  }

  *#underWay(): Generator<OpenSession, void, undefined> {
    for (const { plan, parent, startedAt } of this.#threads) {
      if (plan !== undefined && parent === NONE) yield { startedAt, knownUntil: NEVER };
    }
  }

  /** The slot whose request is next; NONE for a program's, which is described at once. */
  #next(arrival: Arrival): number {
    const calendar = this.#calendar;
    calendar.pop();
    const { kind, subject, time } = calendar;
    if (kind === Kind.request) return subject;
    const member = this.#members[subject]!;
    member.arrivals.advance();
    this.#awaitStart(subject);
    if (member.starts !== undefined) return this.#startSession(subject, member, member.starts, time);
    this.#describeSingle(member, arrival);
    this.#moves?.readdress(arrival, this.#moves.madeBy(member.index, time, subject));
    return NONE;
  }

  #startSession(index: number, member: Member, { newPlan }: SessionStarts, now: Instant): number {
    const slot = this.#openSession(`${member.id}/session-${++member.sessions}`, index, now, newPlan);
    this.sessions.started(now);
    this.#advance(this.#threads[slot]!);
    return slot;
  }

  #openSession(id: string, index: number, now: Instant, newPlan: (stream: Stream) => ThreadPlan): number {
    const slot = this.#open(id, index, NONE);
    const thread = this.#threads[slot]!;
    const member = this.#members[index]!;
    const stream = thread.stream!;
    thread.startedAt = now;
    // A session stays with the models that it began with, whatever its account does later.
    thread.moved = this.#moves?.madeBy(member.index, now, index) ?? 0;
    thread.entry = this.#options.mixBy === "session" ? this.#mix.pick(stream) : member.entry;
    if (member.kind === "agent") {
      thread.group = member.groups[stream.below(member.groups.length)]!;
      thread.prefix = this.#firstPrefix + thread.group;
    }
    thread.plan = newPlan(stream);
    return slot;
  }

  #startSubAgent(parentSlot: number, now: Instant): void {
    const parent = this.#threads[parentSlot]!;
    const slot = this.#open(`${parent.id}/agent-${++parent.spawned}`, parent.member, parentSlot);
    const thread = this.#threads[slot]!;
    const { agent } = this.#options;
    const { limits } = this.#members[parent.member]!;
    const isCheap = thread.stream!.uniform() < agent.subAgents.cheap;
    thread.entry = isCheap && this.#cheap !== undefined ? this.#cheap.pick(thread.stream!) : parent.entry;
    thread.prefix = this.#firstSubPrefix + parent.group;
    thread.plan = new SubAgentPlan(agent, thread.stream!, {
      ...limits,
      prefixTokens: agent.subAgents.prefixTokens,
    });
    parent.running++;
    this.#advance(thread);
    this.#awaitRequest(slot, thread.plan.gap, now);
  }

  /** Plans the thread's next request; false when it has none. */
  #advance(thread: Thread): boolean {
    const plan = thread.plan!;
    if (!plan.next()) return false;
    if (plan.restarts) thread.context = this.#contexts.openSession();
    // A sub-agent asks for what it was started with.
    if (this.#options.mixBy === "request" && thread.parent === NONE)
      thread.entry = this.#mix.pick(thread.stream!);
    return true;
  }

  #requestEnded(slot: number, completed: boolean, cost: number, now: Instant): void {
    const thread = this.#threads[slot]!;
    assert(thread.isInFlight, "a request ends once");
    thread.isInFlight = false;
    const main = thread.parent === NONE ? thread : this.#threads[thread.parent]!;
    this.sessions.charged(main.startedAt, now, cost);
    if (!completed) {
      this.#continueRefused(slot, thread, now);
      return;
    }
    main.requests++;
    const { children } = thread.plan!;
    for (let child = 0; child < children; child++) this.#startSubAgent(slot, now);
    if (children === 0) this.#continue(slot, thread, now);
  }

  #continue(slot: number, thread: Thread, now: Instant): void {
    if (this.#advance(thread)) this.#awaitRequest(slot, thread.plan!.gap, now);
    else this.#finish(slot, thread, true, now);
  }

  /** Ends, or sends the same request again later: what a session wants does not depend on what is refused. */
  #continueRefused(slot: number, thread: Thread, now: Instant): void {
    const { agent, chat } = this.#options;
    const isAgent = this.#members[thread.member]!.kind === "agent";
    thread.refusals ??= openStream(this.#seed, `${thread.id}/refusals`);
    const gap = isAgent ? agent.humanGap : chat.gap;
    if (thread.refusals.uniform() < (isAgent ? agent : chat).abandon) this.#finish(slot, thread, false, now);
    else this.#awaitRequest(slot, Math.min(gap.most, drawLognormal(thread.refusals, gap)), now);
  }

  /** A sub-agent that gives up has ended too: its parent continues without what it would have found. */
  #finish(slot: number, thread: Thread, completed: boolean, now: Instant): void {
    const { parent, startedAt, requests } = thread;
    this.#close(slot, thread);
    if (parent !== NONE) {
      const main = this.#threads[parent]!;
      if (--main.running === 0) this.#continue(parent, main, now);
    } else if (completed) {
      this.sessions.finished(startedAt, now, requests);
    } else {
      this.sessions.abandoned(startedAt, now);
    }
  }

  #open(id: string, member: number, parent: number): number {
    const slot = this.#free.pop() ?? this.#threads.push(new Thread()) - 1;
    const thread = this.#threads[slot]!;
    thread.id = id;
    thread.stream = openStream(this.#seed, id);
    thread.member = member;
    thread.parent = parent;
    thread.spawned = 0;
    thread.prefix = NONE;
    thread.requests = 0;
    return slot;
  }

  #close(slot: number, thread: Thread): void {
    thread.id = "";
    thread.stream = undefined;
    thread.plan = undefined;
    thread.refusals = undefined;
    thread.entry = undefined;
    this.#free.push(slot);
  }

  #awaitStart(index: number): void {
    const { nextAt } = this.#members[index]!.arrivals;
    // Arrivals may go on beyond the end; a population does not.
    if (nextAt < this.#options.until) {
      this.#calendar.schedule(nextAt, Phase.arrival, Kind.start, index);
    }
  }

  #awaitRequest(slot: number, gap: number, now: Instant): void {
    this.#calendar.schedule(after(now, seconds(gap)), Phase.arrival, Kind.request, slot);
  }

  #describe(slot: number, arrival: Arrival): void {
    const thread = this.#threads[slot]!;
    const plan = thread.plan!;
    assert(!thread.isInFlight, "a thread has one request in flight");
    thread.isInFlight = true;
    // A request that is tried again was counted when it was first sent.
    this.cuts.takeFrom(plan.cuts);
    this.#address(arrival, this.#members[thread.member]!, thread.entry!);
    const main = thread.parent === NONE ? thread : this.#threads[thread.parent]!;
    this.#moves?.readdress(arrival, main.moved);
    arrival.inputTokens = plan.inputTokens;
    arrival.outputTokens = plan.outputTokens;
    arrival.prefix = thread.prefix;
    arrival.prefixTokens = plan.prefixTokens;
    arrival.session = thread.context;
    arrival.sharedTokens = plan.sharedTokens;
    arrival.ticket = slot;
  }

  #describeSingle(member: Member, arrival: Arrival): void {
    const { maxInput, maxOutput } = this.#options;
    const program = member.program!;
    this.#address(arrival, member, member.entry ?? this.#mix.pick(program.stream));
    program.drawLengths(arrival, maxInput, maxOutput, this.cuts);
    arrival.prefix = NONE;
    arrival.prefixTokens = 0;
    arrival.session = NONE;
    arrival.sharedTokens = 0;
    arrival.ticket = NONE;
  }

  #address(arrival: Arrival, member: Member, entry: MixEntry): void {
    arrival.account = member.index;
    arrival.model = entry.model;
    arrival.serviceTier = entry.serviceTier;
    arrival.cachedTokens = 0;
    arrival.maxTokens = this.#options.maxOutput;
  }

  /** The sessions of an account that are in progress at the start, by going through what each has done until then. */
  #beginEarlier(index: number): void {
    const { id, starts } = this.#members[index]!;
    if (starts === undefined) return;
    for (let number = 1; ; number++) {
      const session = starts.nextEarlier();
      if (session === undefined) return;
      const at = -seconds(session.ago) as Instant;
      this.#runUntilStart(this.#openSession(`${id}/before-${number}`, index, at, session.plan), at);
    }
  }

  /** Against a server that answers everything at a nominal speed. No session waits for another. */
  #runUntilStart(slot: number, at: Instant): void {
    const calendar = this.#calendar;
    this.#advance(this.#threads[slot]!);
    this.#sendNominally(slot, at);
    while (calendar.nextAt < START) {
      if (calendar.nextKind === Kind.answer) {
        this.#answerNominally();
      } else {
        calendar.pop();
        this.#sendNominally(calendar.subject, calendar.time);
      }
    }
  }

  #sendNominally(slot: number, now: Instant): void {
    const thread = this.#threads[slot]!;
    thread.isInFlight = true;
    const plan = thread.plan!;
    plan.cuts.clear();
    const wait = seconds(nominalSeconds(plan.outputTokens));
    this.#calendar.schedule(after(now, wait), Phase.arrival, Kind.answer, slot);
  }

  /** What is still in flight from before the start is answered as it would have been; the run does not see it. */
  #settle(): void {
    while (this.#calendar.size > 0 && this.#calendar.nextKind === Kind.answer) this.#answerNominally();
  }

  #answerNominally(): void {
    this.#calendar.pop();
    this.#requestEnded(this.#calendar.subject, true, 0, this.#calendar.time);
  }
}
