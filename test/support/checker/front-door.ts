// LAW-3 of what lies between callers and the server: a call comes in once and in its time, its answers go out in theirs,
// and none is lost on its way. It hears both sides: the server by spies on its door and on the network, which pass
// everything on unchanged, and callers by the events of the run. Where nothing lies between there are no spies.
import { NONE } from "../../../src/core/base/none.js";
import { reasonCode } from "../../../src/core/base/outcome.js";
import type { Engine } from "../../../src/core/engine/engine.js";
import type { Network } from "../../../src/core/engine/world/network.js";
import type { Scenario } from "../../../src/core/scenario/schema.js";
import type { FrontEndTimes } from "../../../src/core/server/profile/front-end.js";
import { frontEndOf } from "../../../src/core/server/replica/engines.js";
import type { Attempt, Books } from "./books.js";
import type { Violations } from "./violations.js";

const COMPLETED = reasonCode("none");

/** Who is told of what the server does, before its callers are. */
interface Inside {
  begins(attempt: Attempt, now: number): void;
  done(attempt: Attempt, reason: number, generated: number, now: number): void;
}

export class FrontDoor {
  readonly #engine: Engine;
  readonly #books: Books;
  readonly #found: Violations;
  /** By pool, as the scenario states it. */
  readonly #times: readonly (FrontEndTimes | undefined)[];

  constructor(engine: Engine, scenario: Scenario, books: Books, found: Violations, inside: Inside) {
    this.#engine = engine;
    this.#books = books;
    this.#found = found;
    this.#times = Object.values(scenario.pools).map(({ replica }) => frontEndOf(replica));
    const receive = engine.service.receive.bind(engine.service);
    engine.service.receive = (call, now) => {
      this.#received(books.attempts.get(call.reference), now);
      return receive(call, now);
    };
    if (engine.network !== undefined) this.#spyOn(engine.network, inside);
  }

  /** Whether callers hear of things later than they happen, or may. */
  get isFar(): boolean {
    return this.#engine.network !== undefined;
  }

  #spyOn(network: Network, inside: Inside): void {
    const { firstToken, completed, refused, broken } = network;
    const { attempts } = this.#books;
    const done = (reference: number, reason: number, generated: number, now: number) => {
      const attempt = attempts.get(reference);
      if (attempt === undefined) this.#found.add("LAW-3", now, "the server answers what it was never asked");
      else inside.done(attempt, reason, generated, now);
    };
    network.firstToken = (reference, now) => {
      const attempt = attempts.get(reference);
      if (attempt !== undefined) inside.begins(attempt, now);
      firstToken.call(network, reference, now);
    };
    network.completed = (reference, usage, now) => {
      done(reference, COMPLETED, usage.outputTokens, now);
      completed.call(network, reference, usage, now);
    };
    network.refused = (reference, refusal, now) => {
      done(reference, refusal.reason, 0, now);
      refused.call(network, reference, refusal, now);
    };
    network.broken = (reference, reason, usage, now) => {
      done(reference, reason, usage.outputTokens, now);
      broken.call(network, reference, reason, usage, now);
    };
  }

  #received(attempt: Attempt | undefined, now: number): void {
    if (
      attempt === undefined ||
      attempt.stage !== "arrived" ||
      attempt.receivedAt < Number.POSITIVE_INFINITY
    ) {
      this.#found.add("LAW-3", now, "the server was given what nobody has sent, or has twice");
      return;
    }
    attempt.receivedAt = now;
    const way = now - attempt.arrivedAt;
    const stated = this.#statedWayIn(attempt);
    // A time by the token is a fraction of a microsecond, and is rounded.
    const isRight = stated === undefined ? way >= 0 : Math.abs(way - stated) < 1;
    this.#expect(isRight, attempt, now, () => `was on its way in for ${way} us of ${stated ?? "some"}`);
  }

  /** Its caller has the first token. */
  told(attempt: Attempt, now: number): void {
    const way = now - attempt.beganAt;
    const isRight = way >= 0 && way === (this.#statedWayOut(attempt) ?? way);
    this.#expect(isRight, attempt, now, () => `had a first token that was on its way out for ${way} us`);
    attempt.wayOut = way;
  }

  /** Its caller knows how it ended: as the server has ended it, or had enough before that could be told. */
  ended(attempt: Attempt, reason: number, now: number): void {
    if (attempt.stage !== "leaving") return;
    const way = now - attempt.doneAt;
    const stated = this.#statedWayOut(attempt) ?? attempt.wayOut ?? way;
    const isRight = way >= 0 && (reason === attempt.doneAs ? way === stated : way <= stated);
    this.#expect(
      isRight,
      attempt,
      now,
      () => `had an answer that was on its way out for ${way} us of ${stated}`,
    );
  }

  /** Nothing is on its way that should have come. */
  finish(now: number): void {
    for (const attempt of this.#books.attempts.values()) {
      if (attempt.stage === "arrived") {
        const due =
          attempt.arrivedAt + (this.#statedWayIn(attempt) ?? this.#engine.network!.wayIn(attempt.slot));
        this.#expect(due >= now - 1, attempt, now, "was lost on its way in");
      } else if (attempt.stage === "leaving") {
        const way = this.#statedWayOut(attempt) ?? attempt.wayOut ?? Number.POSITIVE_INFINITY;
        this.#expect(attempt.doneAt + way >= now, attempt, now, "has an answer that was lost on its way out");
      }
    }
  }

  /** Undefined where it is drawn. */
  #statedWayIn({ tier, inputTokens }: Attempt): number | undefined {
    const times = this.#times[this.#engine.service.parts.paths[tier]?.pool ?? NONE];
    if (times === undefined) return 0;
    const { prompt, perPromptToken } = times;
    return typeof prompt === "number" ? prompt + perPromptToken * inputTokens : undefined;
  }

  /** By the pool that serves it, once one does. */
  #statedWayOut({ tier, pool, startedAt }: Attempt): number | undefined {
    const isServed = startedAt < Number.POSITIVE_INFINITY;
    const times = this.#times[isServed ? pool : (this.#engine.service.parts.paths[tier]?.pool ?? NONE)];
    if (times === undefined) return 0;
    return typeof times.token === "number" ? times.token : undefined;
  }

  #expect(condition: boolean, { request }: Attempt, now: number, what: string | (() => string)): void {
    const text = () => `request ${request} ${typeof what === "string" ? what : what()}`;
    this.#found.expect(condition, "LAW-3", now, text);
  }
}
