// The contract of providers: whatever the cause, a refusal has a status and a code; no wait is 0 or a minute; headers
// are texts that parse; every part says where it comes from. provider.test.ts runs it over every definition, and over
// faulty ones.
import { readAs } from "../../src/core/api/reading.js";
import { OUTCOMES, Outcome, outcomeOf, REASONS } from "../../src/core/base/outcome.js";
import { REFUSAL_STATUSES } from "../../src/core/base/status.js";
import { duration, instant, seconds } from "../../src/core/base/units.js";
import { AnswerTable } from "../../src/core/server/gateway/providers/answers.js";
import {
  fieldsOf,
  type HeaderFacts,
  type LimitDimension,
  type LimitState,
} from "../../src/core/server/gateway/providers/headers.js";
import { PARTS, type Provider, toldTier } from "../../src/core/server/gateway/providers/provider.js";

const REFUSED: readonly Outcome[] = [Outcome.rateLimited, Outcome.overloaded, Outcome.unavailable];
const CALL_IS_WRONG = [400, 404, 413, 422];

const limit = (name: LimitDimension, remaining: number, reset: number): LimitState => {
  return { name, perMinute: 6000, remaining, reset: seconds(reset) };
};

const FACTS: HeaderFacts = {
  limits: [
    limit("requests", 5999, 7),
    limit("promptTokens", -5, 7),
    limit("uncachedPromptTokens", 5999.5, 360.25),
    limit("generatedTokens", 0, 0),
  ],
  served: { tier: "standard", pool: "shared", meantFor: "reserved" },
  now: instant(1_234_567),
  startedAt: 1_700_000_000_000,
};

/** What is wrong with a provider; nothing where it holds. */
export function problemsOf(provider: Provider): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  checkAnswers(provider, expect);
  checkWaits(provider, expect);
  checkHeaders(provider, expect);
  checkServed(provider, expect);
  checkWords(provider, expect);
  return problems;
}

type Expect = (holds: boolean, what: string) => void;

function checkAnswers(provider: Provider, expect: Expect): void {
  const tiers = [undefined, ...Object.keys(provider.byTier)];
  const table = new AnswerTable(provider, {}, tiers);
  for (let path = -1; path < tiers.length; path++) {
    REASONS.forEach(({ name, outcome }, reason) => {
      const { status, type, code } = table.of(reason, path);
      const isRefusal = REFUSED.includes(outcome);
      if (!isRefusal && outcome !== Outcome.invalid) return;
      const statuses: readonly number[] = isRefusal ? REFUSAL_STATUSES : CALL_IS_WRONG;
      expect(statuses.includes(status), `${name} has status ${status}`);
      expect(/^[\w.-]+$/.test(code) && /^[\w.-]+$/.test(type), `${name} has no code or type that is a word`);
      // An account limit is never told as what it is not: it would make callers pay for another tier.
      if (outcome === Outcome.rateLimited) expect(readAs(status, code) === outcome, `${name} is misread`);
      if (outcome === Outcome.unavailable) expect(status >= 500, `${name} has status ${status}`);
    });
  }
  const known: readonly string[] = REASONS.map(({ name }) => name);
  for (const name of Object.keys(provider.byReason))
    expect(known.includes(name), `there is no reason ${name}`);
  for (const tier of Object.keys(provider.byTier)) {
    expect(provider.serviceTiers.known.includes(tier), `there is no tier ${tier}`);
  }
}

function checkWaits({ retryAfter }: Provider, expect: Expect): void {
  for (const wait of [retryAfter.rateLimited, retryAfter.overloaded]) {
    if (typeof wait === "number") expect(wait > 0 && wait < seconds(60), `waits ${wait} µs`);
  }
}

function checkHeaders({ headers }: Provider, expect: Expect): void {
  const names = headers.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size === names.length, "has a header twice");
  for (const wait of [1, 999, 1_000_000, 59_999_999]) {
    const refusal = { reason: 0, retryAfter: duration(wait), shouldRetry: true };
    for (const [reason, { outcome }] of REASONS.entries()) {
      if (!REFUSED.includes(outcome)) continue;
      for (const [name, value] of fieldsOf(headers, { ...FACTS, refusal: { ...refusal, reason } })) {
        expect(/^[A-Za-z][A-Za-z0-9-]*$/.test(name), `${name} is no name of a header`);
        const row = headers.find((one) => one.name === name)!;
        expect(isWritten(row.shows, "as" in row ? row.as : "", value), `${name}: ${value}`);
      }
    }
  }
}

/** Whatever it is served as, its caller is told: the tier in headers and body, the pool in headers. */
function checkServed(provider: Provider, expect: Expect): void {
  const asked = [undefined, ...provider.serviceTiers.known];
  for (const tier of asked.map((one) => toldTier(provider, one))) {
    for (const pool of ["reserved", "shared"]) {
      const facts = { ...FACTS, limits: [], served: { tier, pool, meantFor: "reserved" } };
      const [headers, body] = [provider.headers, provider.body].map((rows) =>
        fieldsOf(rows, facts).map(([, value]) => value),
      );
      expect(headers!.includes(tier) && body!.includes(tier), `does not tell that ${tier} served it`);
      expect(headers!.includes(pool), `does not tell that ${pool} served it`);
    }
  }
  for (const { name } of provider.body)
    expect(/^\w+(?:\.\w+)*$/.test(name), `${name} is no path of the body`);
}

function isWritten(shows: string, as: string, value: string): boolean {
  if (shows === "retry-after") {
    const most = as === "seconds" ? 60 : 60_000;
    return /^\d+$/.test(value) && Number(value) > 0 && Number(value) <= most;
  }
  if (shows === "should-retry") return value === "true" || value === "false";
  if (shows === "limit" || shows === "remaining") return /^\d+$/.test(value);
  if (shows !== "reset") return /^[\w-]+$/.test(value);
  if (as === "clock") return /^(?:\d+h)?(?:\d+m)?\d+s$|^\d+ms$/.test(value);
  if (as === "RFC 3339") return new Date(value).toISOString() === value;
  return /^\d+$/.test(value);
}

function checkWords({ name, summary, serviceTiers, verbs, sources, date }: Provider, expect: Expect): void {
  expect(/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name), `${name} is no name`);
  expect(summary.endsWith(".") && summary.length < 120, "its summary is no short sentence");
  const { known, ofDefault } = serviceTiers;
  expect(
    ofDefault.every((tier) => known.includes(tier)),
    "has a tier of the default that is not known",
  );
  for (const { on } of verbs) expect(on.length > 0, "does something on no cause");
  expect(sources.length > 0 && /^\d{4}-\d{2}$/.test(date), "has no source or no date");
  for (const part of PARTS) {
    expect(
      sources.some(({ parts }) => parts.includes(part)),
      `does not say where ${part} is from`,
    );
  }
}

/** Reasons of refusals whose status and code name another cause. */
export function misreadReasons(provider: Provider): string[] {
  const table = new AnswerTable(provider);
  return REASONS.flatMap(({ name, outcome }, reason) => {
    if (!REFUSED.includes(outcome)) return [];
    const { status, code } = table.of(reason);
    const read = readAs(status, code);
    return read === outcomeOf(reason) ? [] : [`${name} as ${OUTCOMES[read]}`];
  });
}
