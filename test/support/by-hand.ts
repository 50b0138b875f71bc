// A server alone, driven by hand: its own clock, and everything that it tells, in words.
import {
  type Answers,
  type Call,
  emptyCall,
  type Handle,
  type Refusal,
  type Served,
  type Usage,
} from "../../src/core/api/wire.js";
import { REASONS } from "../../src/core/base/outcome.js";
import { type Instant, instant, toSeconds } from "../../src/core/base/units.js";
import { buildService, type SimulatedService } from "../../src/core/engine/world/build-service.js";
import { parseScenario, type ScenarioInput } from "../../src/core/index.js";
import { EventQueue } from "../../src/core/kernel/event-queue.js";
import type { ServiceLedger } from "../../src/core/server/service/books.js";
import { ServerEvent } from "../../src/core/server/service/event-kinds.js";

/** Everything that a server tells, in words. */
export class AnswerLog implements Answers {
  /** In order. */
  readonly told: string[] = [];
  #next: Partial<Answers> | undefined;

  /** Passes everything on to the next one. */
  constructor(next?: Answers) {
    this.#next = next;
  }

  passTo(next: Partial<Answers>): void {
    this.#next = next;
  }

  #tell(reference: number, now: Instant, what: string): void {
    this.told.push(`${toSeconds(now)}: ${reference} ${what}`);
  }

  queued(reference: number, now: Instant): void {
    this.#tell(reference, now, "queued");
    this.#next?.queued?.(reference, now);
  }

  started(reference: number, served: Served, cachedTokens: number, now: Instant): void {
    const { path, pool } = served;
    this.#tell(reference, now, `started on ${path} in ${pool}, ${cachedTokens} cached`);
    this.#next?.started?.(reference, served, cachedTokens, now);
  }

  firstToken(reference: number, now: Instant): void {
    this.#tell(reference, now, "first token");
    this.#next?.firstToken?.(reference, now);
  }

  completed(reference: number, usage: Usage, now: Instant): void {
    this.#tell(reference, now, `completed, ${sizeOf(usage)}`);
    this.#next?.completed?.(reference, usage, now);
  }

  refused(reference: number, refusal: Refusal, now: Instant): void {
    const { reason, status, retryAfter, shouldRetry } = refusal;
    const wait = retryAfter === undefined ? "" : `, again in ${toSeconds(retryAfter)}`;
    const advice = shouldRetry === undefined ? "" : `, should ${shouldRetry ? "" : "not "}retry`;
    this.#tell(reference, now, `refused ${status} ${REASONS[reason]!.name}${wait}${advice}`);
    this.#next?.refused?.(reference, refusal, now);
  }

  broken(reference: number, reason: number, usage: Usage, now: Instant): void {
    this.#tell(reference, now, `broken ${REASONS[reason]!.name}, ${sizeOf(usage)}`);
    this.#next?.broken?.(reference, reason, usage, now);
  }

  cancelled(reference: number, usage: Usage, now: Instant): void {
    this.#tell(reference, now, `cancelled, ${sizeOf(usage)}`);
    this.#next?.cancelled?.(reference, usage, now);
  }
}

const sizeOf = ({ computedTokens, outputTokens }: Usage) => `${computedTokens} + ${outputTokens}`;

export class ByHand {
  readonly service: SimulatedService;
  readonly #log = new AnswerLog();
  readonly #events = new EventQueue();
  #now = 0 as Instant;
  #handled = 0;

  /** What it enters in the books goes there, if it is wanted. */
  constructor(input: ScenarioInput, seed = "1", ledger?: ServiceLedger) {
    this.service = buildService(parseScenario(input), {
      seed,
      events: this.#events,
      ...(ledger === undefined ? {} : { ledger }),
    });
    this.service.answerTo(this.#log);
  }

  /** What was told, in order. */
  get told(): readonly string[] {
    return this.#log.told;
  }

  /** These are told, too. */
  listen(answers: Partial<Answers>): void {
    this.#log.passTo(answers);
  }

  get now(): Instant {
    return this.#now;
  }

  /** Everything up to an instant, in seconds, but nothing at it in later phases than the server's own events. */
  until(seconds: number): this {
    const at = instant(Math.round(seconds * 1e6));
    while (this.#events.nextAt <= at) this.#next();
    this.#now = at;
    return this;
  }

  /** As far as so many events of its own since the start, then up to an instant at which none is due any more. */
  after(events: number, at: Instant): this {
    while (this.#handled < events) this.#next();
    this.#now = at;
    return this;
  }

  #next(): void {
    this.#handled++;
    this.#events.pop();
    this.#now = this.#events.time;
    this.service.handle(this.#events.kind as ServerEvent, this.#events.subject, this.#now);
  }

  call(reference: number, changes: Partial<Call> = {}): Handle {
    const call = { ...emptyCall(), reference, inputTokens: 10, maxTokens: 100, outputTokens: 5, ...changes };
    return this.service.receive(call, this.#now);
  }

  /** An outage of that pool begins now. */
  outage(pool: number): void {
    this.service.handle(ServerEvent.outageBegins, pool, this.#now);
  }
}
