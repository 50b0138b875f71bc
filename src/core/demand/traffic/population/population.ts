// A population of callers: accounts of very different size, each an agent, a program or a person in a chat, whose
// rates vary and whose sessions go on from answers, strictly closed loop. Knows nothing of the fleet beyond those
// answers, and no answer changes what a session asks for: it only moves it in time, or ends it.
import { assert } from "../../../base/assert.js";
import { NONE } from "../../../base/none.js";
import { after, type Instant, MICROS_PER_SECOND, NEVER, seconds } from "../../../base/units.js";
import { EventQueue } from "../../../kernel/event-queue.js";
import { Phase } from "../../../kernel/phase.js";
import { openStream, type Seed } from "../../../random/stream.js";
import type { AccountNames } from "../accounts.js";
import type { Contexts } from "../contexts.js";
import { Mix, type MixEntry } from "../mix.js";
import type { SessionBook } from "../session-book.js";
import { AgentPlan } from "../sessions/agent-plan.js";
import { ChatPlan } from "../sessions/chat-plan.js";
import { drawLognormal } from "../sessions/draws.js";
import { Line } from "../sessions/line.js";
import { SubAgentPlan } from "../sessions/sub-agent-plan.js";
import { type Arrival, emptyArrival, type RequestEnd, type Source } from "../source.js";
import { buildMembers, type Member, type PopulationOptions } from "./population-members.js";

export type { PopulationOptions } from "./population-members.js";

/** What stands in the calendar: an account's next start, a line's next request, an answer before the start. */
const Kind = { start: 0, request: 1, answer: 2 } as const;

/** Assumed answers of the stretch before the start: time to the first token, and tokens per second after it. */
const NOMINAL = { ttft: 1, tokensPerSecond: 60 } as const;

export class PopulationSource implements Source {
  readonly name: string;
  readonly sessions: SessionBook;
  readonly #options: PopulationOptions;
  readonly #seed: Seed;
  readonly #contexts: Contexts;
  readonly #members: readonly Member[];
  readonly #mix: Mix;
  readonly #cheap: Mix | undefined;
  /** Times are those of the run plus the stretch before it. */
  readonly #calendar = new EventQueue();
  readonly #ahead: number;
  readonly #lines: Line[] = [];
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
    this.#ahead = seconds(options.ahead);
    this.#firstPrefix = contexts.openPrefixes(agent.prefix.groups);
    this.#firstSubPrefix = contexts.openPrefixes(agent.prefix.groups);
    this.#members = buildMembers(options, seed, names);
    for (let index = 0; index < this.#members.length; index++) this.#awaitStart(index);
    this.#runAhead();
  }

  get nextAt(): Instant {
    const { nextAt } = this.#calendar;
    return nextAt === NEVER ? NEVER : ((nextAt - this.#ahead) as Instant);
  }

  /** Whose request it is that `take` has just described under this ticket; for writing traces. */
  lineOf(ticket: number): {
    readonly session: string;
    readonly agent: string;
    readonly kind: "human" | "tool";
  } {
    const line = this.#lines[ticket]!;
    const main = line.parent === NONE ? line : this.#lines[line.parent]!;
    const agent = line.parent === NONE ? "" : line.id.slice(main.id.length + 1);
    return { session: main.id, agent, kind: line.plan!.byHuman ? "human" : "tool" };
  }

  /** Lines that are alive, sub-agents included. */
  get liveLines(): number {
    return this.#lines.length - this.#free.length;
  }

  take(arrival: Arrival): void {
    const slot = this.#next(arrival);
    if (slot !== NONE) this.#describe(slot, arrival);
    this.#settle();
  }

  ended({ ticket, completed, cost }: RequestEnd, now: Instant): void {
    this.#hear(ticket, completed, cost, (now + this.#ahead) as Instant);
    this.#settle();
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
    if (member.kind !== "api") return this.#startSession(subject, member, time);
    this.#describeSingle(member, arrival);
    return NONE;
  }

  #startSession(index: number, member: Member, now: Instant): number {
    const slot = this.#open(`${member.id}/session-${++member.sessions}`, index, NONE);
    const line = this.#lines[slot]!;
    const stream = line.stream!;
    const { agent, chat, mixBy } = this.#options;
    line.startedAt = now - this.#ahead;
    line.entry = mixBy === "session" ? this.#mix.pick(stream) : member.entry;
    if (member.kind === "agent") {
      line.group = member.groups[stream.below(member.groups.length)]!;
      line.prefix = this.#firstPrefix + line.group;
      line.plan = new AgentPlan(agent, stream, member.limits);
    } else {
      line.plan = new ChatPlan(chat, stream, member.limits);
    }
    this.sessions.started(line.startedAt);
    this.#advance(line);
    return slot;
  }

  #startSubAgent(parentSlot: number, now: Instant): void {
    const parent = this.#lines[parentSlot]!;
    const slot = this.#open(`${parent.id}/agent-${++parent.spawned}`, parent.member, parentSlot);
    const line = this.#lines[slot]!;
    const { agent } = this.#options;
    const { limits } = this.#members[parent.member]!;
    const isCheap = line.stream!.uniform() < agent.subAgents.cheap;
    line.entry = isCheap && this.#cheap !== undefined ? this.#cheap.pick(line.stream!) : parent.entry;
    line.prefix = this.#firstSubPrefix + parent.group;
    line.plan = new SubAgentPlan(agent, line.stream!, {
      ...limits,
      prefixTokens: agent.subAgents.prefixTokens,
    });
    parent.running++;
    this.#advance(line);
    this.#awaitRequest(slot, line.plan.gap, now);
  }

  /** Plans the line's next request; false when it has none. */
  #advance(line: Line): boolean {
    const plan = line.plan!;
    if (!plan.next()) return false;
    if (plan.restarts) line.context = this.#contexts.openSession();
    // A sub-agent asks for what it was started with.
    if (this.#options.mixBy === "request" && line.parent === NONE) line.entry = this.#mix.pick(line.stream!);
    return true;
  }

  #hear(slot: number, completed: boolean, cost: number, now: Instant): void {
    const line = this.#lines[slot]!;
    assert(line.isInFlight, "a request ends once");
    line.isInFlight = false;
    const main = line.parent === NONE ? line : this.#lines[line.parent]!;
    main.cost += cost;
    if (!completed) {
      this.#goOnRefused(slot, line, now);
      return;
    }
    main.requests++;
    const { children } = line.plan!;
    for (let child = 0; child < children; child++) this.#startSubAgent(slot, now);
    if (children === 0) this.#goOn(slot, line, now);
  }

  #goOn(slot: number, line: Line, now: Instant): void {
    if (this.#advance(line)) this.#awaitRequest(slot, line.plan!.gap, now);
    else this.#finish(slot, line, true, now);
  }

  /** Ends, or sends the same request again later: what a session wants does not depend on what is refused. */
  #goOnRefused(slot: number, line: Line, now: Instant): void {
    const { agent, chat } = this.#options;
    const isAgent = this.#members[line.member]!.kind === "agent";
    line.refusals ??= openStream(this.#seed, `${line.id}/refusals`);
    const gap = isAgent ? agent.humanGap : chat.gap;
    if (line.refusals.uniform() < (isAgent ? agent : chat).abandon) this.#finish(slot, line, false, now);
    else this.#awaitRequest(slot, Math.min(gap.most, drawLognormal(line.refusals, gap)), now);
  }

  /** A sub-agent that gives up is over too: its parent goes on without what it would have found. */
  #finish(slot: number, line: Line, completed: boolean, now: Instant): void {
    const { parent, startedAt, requests, cost } = line;
    this.#close(slot, line);
    if (parent !== NONE) {
      const main = this.#lines[parent]!;
      if (--main.running === 0) this.#goOn(parent, main, now);
    } else if (completed) {
      this.sessions.finished(startedAt, (now - this.#ahead) as Instant, requests, cost);
    } else {
      this.sessions.abandoned(startedAt, cost);
    }
  }

  #open(id: string, member: number, parent: number): number {
    const slot = this.#free.pop() ?? this.#lines.push(new Line()) - 1;
    const line = this.#lines[slot]!;
    line.id = id;
    line.stream = openStream(this.#seed, id);
    line.member = member;
    line.parent = parent;
    line.spawned = 0;
    line.prefix = NONE;
    line.requests = 0;
    line.cost = 0;
    return slot;
  }

  #close(slot: number, line: Line): void {
    line.id = "";
    line.stream = undefined;
    line.plan = undefined;
    line.refusals = undefined;
    line.entry = undefined;
    this.#free.push(slot);
  }

  #awaitStart(index: number): void {
    const { nextAt } = this.#members[index]!.arrivals;
    // Arrivals may go on beyond the end; a population does not.
    if (nextAt - this.#ahead < this.#options.until) {
      this.#calendar.schedule(nextAt, Phase.arrival, Kind.start, index);
    }
  }

  #awaitRequest(slot: number, gap: number, now: Instant): void {
    this.#calendar.schedule(after(now, seconds(gap)), Phase.arrival, Kind.request, slot);
  }

  #describe(slot: number, arrival: Arrival): void {
    const line = this.#lines[slot]!;
    const plan = line.plan!;
    assert(!line.isInFlight, "a line has one request in flight");
    line.isInFlight = true;
    this.#address(arrival, this.#members[line.member]!, line.entry!);
    arrival.inputTokens = plan.inputTokens;
    arrival.outputTokens = plan.outputTokens;
    arrival.prefix = line.prefix;
    arrival.prefixTokens = plan.prefixTokens;
    arrival.session = line.context;
    arrival.sharedTokens = plan.sharedTokens;
    arrival.ticket = slot;
  }

  #describeSingle(member: Member, arrival: Arrival): void {
    const { maxInput, maxOutput } = this.#options;
    const program = member.program!;
    this.#address(arrival, member, member.entry ?? this.#mix.pick(program.stream));
    program.drawLengths(arrival, maxInput, maxOutput);
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

  /** Runs through the stretch before the start against a server that answers everything at a nominal speed. */
  #runAhead(): void {
    const calendar = this.#calendar;
    const scratch = emptyArrival();
    while (calendar.nextAt < this.#ahead) {
      if (calendar.nextKind === Kind.answer) {
        this.#hearNominal();
        continue;
      }
      const slot = this.#next(scratch);
      if (slot === NONE) continue;
      const line = this.#lines[slot]!;
      line.isInFlight = true;
      const service = NOMINAL.ttft + line.plan!.outputTokens / NOMINAL.tokensPerSecond;
      const at = calendar.time + Math.round(service * MICROS_PER_SECOND);
      calendar.schedule(at as Instant, Phase.arrival, Kind.answer, slot);
    }
    this.#settle();
  }

  /** What is still in flight from before the start is answered as it would have been; the run does not see it. */
  #settle(): void {
    while (this.#calendar.size > 0 && this.#calendar.nextKind === Kind.answer) this.#hearNominal();
  }

  #hearNominal(): void {
    this.#calendar.pop();
    this.#hear(this.#calendar.subject, true, 0, this.#calendar.time);
  }
}
