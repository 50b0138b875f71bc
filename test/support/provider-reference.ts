// The tables of docs/providers.md, written from the definitions: what each cause is answered with, tiers and verbs,
// headers, and where all of it comes from.
import { readAs } from "../../src/core/api/reading.js";
import { OUTCOMES, outcomeOf, type ReasonName, reasonCode } from "../../src/core/base/outcome.js";
import { toSeconds } from "../../src/core/base/units.js";
import { AnswerTable } from "../../src/core/server/gateway/providers/answers.js";
import type { HeaderRow } from "../../src/core/server/gateway/providers/headers.js";
import type { Provider } from "../../src/core/server/gateway/providers/provider.js";
import { PROVIDERS } from "../../src/core/server/gateway/providers/registry.js";
import { markdownTable } from "./markdown.js";

const code = (text: string) => `\`${text}\``;

/** A reason for each cause that some provider answers in its own way. */
const CAUSES: readonly (readonly [head: string, reason: ReasonName])[] = [
  ["account limit", "requests"],
  ["no room", "overloaded_capacity"],
  ["waited too long", "queue_timeout"],
  ["outage", "outage"],
  ["no such model", "unknown_model"],
];

export function answerTable(): string {
  const rows = PROVIDERS.map((provider) => [
    code(provider.name),
    provider.summary,
    ...CAUSES.map(([, reason]) => answerText(provider, reason)),
  ]);
  return markdownTable(["provider", "what", ...CAUSES.map(([head]) => head)], rows);
}

/** Status and code; in italics where they name another cause. */
function answerText(provider: Provider, name: ReasonName): string {
  const reason = reasonCode(name);
  const { status, code: said } = new AnswerTable(provider).of(reason);
  const text = `${status} ${code(said)}`;
  const read = OUTCOMES[readAs(status, said)]!;
  return read === OUTCOMES[outcomeOf(reason)] ? text : `*${text}*, read as ${read}`;
}

export function waitTable(): string {
  const rows = PROVIDERS.map(({ name, retryAfter, serviceTiers, verbs }: Provider) => [
    code(name),
    waitText(retryAfter.rateLimited),
    waitText(retryAfter.overloaded),
    shouldRetryText(retryAfter.shouldRetry),
    serviceTiers.known.map(code).join(" ") || "not read",
    serviceTiers.unknown === "default" ? "the default" : "400",
    verbs.map(({ verb, what, on }) => `${verb}: ${what} (${on.join(", ")})`).join("; ") || "",
  ]);
  const head = [
    "over a limit",
    "no room",
    "`x-should-retry`",
    "service tiers",
    "any other",
    "in place of a refusal",
  ];
  return markdownTable(["provider", ...head], rows);
}

function waitText(wait: Provider["retryAfter"]["rateLimited"]): string {
  return typeof wait === "number" ? `${toSeconds(wait)} s` : wait;
}

function shouldRetryText({ rateLimited, overloaded }: Provider["retryAfter"]["shouldRetry"]): string {
  const texts = [
    rateLimited === undefined ? "" : `${rateLimited} over a limit`,
    overloaded === undefined ? "" : `${overloaded} without room`,
  ];
  return texts.filter((text) => text !== "").join(", ");
}

export function headerTable(): string {
  const rows = PROVIDERS.flatMap(({ name, headers, body }: Provider) => [
    ...headers.map((row) => [code(name), code(row.name), showsText(row)]),
    ...body.map((row) => [code(name), `${code(row.name)} in the body`, showsText(row)]),
  ]);
  return markdownTable(["provider", "field", "shows"], rows);
}

function showsText(row: HeaderRow): string {
  switch (row.shows) {
    case "limit":
    case "remaining":
    case "reset":
      return `${row.shows} of ${row.of.map(code).join(", else ")}, ${row.as}`;
    case "retry-after":
      return `when to come back, ${row.as}`;
    case "dropped":
      return Object.entries(row.words)
        .map(([reason, word]) => `${code(word!)} for ${reason}`)
        .join(", ");
    case "should-retry":
      return "whether to come back, where it is said";
    case "served-tier":
      return "the tier that served it";
    case "served-pool":
      return "the pool that served it";
    case "spilled-from":
      return "the pool that had no room, where another served it";
    case "spilled-to":
      return "the pool that served it then";
  }
}

export function sourceTable(): string {
  const rows = PROVIDERS.flatMap(({ name, sources, date }) =>
    sources.map(({ of, from, sure }) => [code(name), of, from, sure, date]),
  );
  return markdownTable(["provider", "what", "from", "how sure", "looked at"], rows);
}
