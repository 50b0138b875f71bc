// The client models against the real SDKs: both meet the same refusals from a scripted server on this machine. The
// number of attempts must be the same, and each delay inside the model's jitter; a loaded machine adds to a delay, by as
// much as it was measured to be late, but nothing can shorten one. All scenarios run at once, since they mostly wait.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Duration, type Instant, START } from "../../src/core/base/units.js";
import { NO_ANSWER, type Refusal } from "../../src/core/demand/clients/client.js";
import { createClient } from "../../src/core/demand/clients/registry.js";
import type { Stream } from "../../src/core/random/stream.js";

/** What the server does with one attempt; anything but a number of a status is its behaviour on the wire. */
interface Reply {
  readonly does: number | "cut" | "hang";
  readonly retryAfterSeconds?: string;
  readonly retryAfterMs?: string;
  readonly shouldRetry?: boolean;
}

interface Script {
  readonly name: string;
  /** The last one is repeated. */
  readonly replies: readonly Reply[];
  readonly maxRetries?: number;
}

const always = (name: string, reply: Reply, maxRetries?: number): Script => ({
  name,
  replies: [reply],
  ...(maxRetries !== undefined && { maxRetries }),
});

const OK: Reply = { does: 200 };
/** More milliseconds than a timer of Node holds. */
const TIMER_OVERFLOW = "3000000";

const SCRIPTS: readonly Script[] = [
  ...[408, 409, 429, 500, 503, 529].map((status) => always(`always ${status}`, { does: status })),
  ...[400, 401, 404, 422].map((status) => always(`always ${status}`, { does: status })),
  always("a connection that is cut", { does: "cut" }),
  always("the client's own timeout", { does: "hang" }),
  always("no retries allowed", { does: 503 }, 0),
  always("four retries, to see the delay double", { does: 503 }, 4),
  always("retry-after 1 s", { does: 429, retryAfterSeconds: "1" }),
  always("retry-after 0", { does: 503, retryAfterSeconds: "0" }),
  always("retry-after-ms with a fraction", { does: 503, retryAfterMs: "250.5" }),
  always("retry-after-ms beside retry-after", { does: 503, retryAfterMs: "100", retryAfterSeconds: "9" }),
  always("retry-after above a timer's range", { does: 503, retryAfterSeconds: TIMER_OVERFLOW }),
  always("x-should-retry: true on a 400", { does: 400, shouldRetry: true }),
  always("x-should-retry: false on a 503", { does: 503, shouldRetry: false }),
  always("x-should-retry: true beside retry-after", { does: 403, shouldRetry: true, retryAfterSeconds: "1" }),
  { name: "answered at the second try", replies: [{ does: 503 }, OK] },
  { name: "one failure after another", replies: [{ does: "cut" }, { does: 429, retryAfterMs: "50" }, OK] },
  { name: "retried, then wrong", replies: [{ does: 529 }, { does: 400 }] },
];

const CLIENT_TIMEOUT_MS = 300;
/** A timer of Node may go off a millisecond early. */
const TIMER_SLACK_MS = 2;
const ENOUGH_MS = 100;
/** From the end of an attempt to the next one the event loop goes round this often at most. */
const ROUNDS = 5;

/** When an attempt left and when it had failed, ms. */
interface Attempt {
  readonly left: number;
  ended: number;
}

type Call = (baseURL: string, script: Script, fetch: typeof globalThis.fetch) => Promise<unknown>;

const SDKS: Readonly<Record<string, Call>> = {
  "openai-node-6": (baseURL, { maxRetries, replies }, fetch) =>
    new OpenAI({
      apiKey: "none",
      baseURL,
      fetch,
      ...(maxRetries !== undefined && { maxRetries }),
      ...(replies[0]?.does === "hang" && { timeout: CLIENT_TIMEOUT_MS }),
    }).chat.completions.create({ model: "m", messages: [{ role: "user", content: "hello" }] }),
  "anthropic-sdk": (baseURL, { maxRetries, replies }, fetch) =>
    new Anthropic({
      apiKey: "none",
      baseURL,
      fetch,
      ...(maxRetries !== undefined && { maxRetries }),
      ...(replies[0]?.does === "hang" && { timeout: CLIENT_TIMEOUT_MS }),
    }).messages.create({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "hello" }] }),
};

const drawing = (value: number): Stream => ({ uniform: () => value, below: () => 0 });

/** The delays, ms, of the model whose every draw is this, and so the number of attempts less one. */
function modelled(preset: string, { replies, maxRetries }: Script, drawn: number): number[] {
  const client = createClient(preset, { maxRetries });
  const delays: number[] = [];
  for (let tries = 0; ; tries = client.nextTries) {
    const reply = replies[Math.min(delays.length, replies.length - 1)]!;
    if (reply.does === 200) return delays;
    const delay = client.retryDelay(seenBy(reply), tries, 0, START as Instant, drawing(drawn));
    if (delay === undefined) return delays;
    delays.push(delay / 1000);
  }
}

function seenBy({ does, retryAfterSeconds, retryAfterMs, shouldRetry }: Reply): Refusal {
  const ms = retryAfterMs ?? (retryAfterSeconds && Number(retryAfterSeconds) * 1000);
  return {
    status: typeof does === "number" ? does : NO_ANSWER,
    retryAfter: ms === undefined ? undefined : (Math.round(Number(ms) * 1000) as Duration),
    shouldRetry,
  };
}

/** Attempts that the server has seen, by the first part of the path: SDK and script. */
const arrivals = new Map<string, number>();

function answer(request: IncomingMessage, response: ServerResponse): void {
  const key = /^\/([^/]+)/.exec(request.url!)![1]!;
  const seen = arrivals.get(key) ?? 0;
  arrivals.set(key, seen + 1);
  const { replies } = SCRIPTS[Number(key.split("-").at(-1))]!;
  const { does, retryAfterSeconds, retryAfterMs, shouldRetry } = replies[Math.min(seen, replies.length - 1)]!;
  if (does === "hang") return;
  if (does === "cut") {
    request.socket.destroy();
    return;
  }
  response.writeHead(does, {
    "content-type": "application/json",
    ...(retryAfterSeconds !== undefined && { "retry-after": retryAfterSeconds }),
    ...(retryAfterMs !== undefined && { "retry-after-ms": retryAfterMs }),
    ...(shouldRetry !== undefined && { "x-should-retry": String(shouldRetry) }),
  });
  response.end(does === 200 ? '{"choices":[],"content":[]}' : '{"error":{"type":"scripted","message":"no"}}');
}

describe("the real SDKs do what the models say", () => {
  const cases = Object.keys(SDKS).flatMap((sdk) =>
    SCRIPTS.map((script, index) => ({ sdk, script, key: `${sdk}-${index}` })),
  );
  const attempts = new Map<string, Attempt[]>();
  let server: Server;
  const lateness = monitorEventLoopDelay({ resolution: 5 });
  /** By how much this machine may have added to a delay. */
  const slackMs = () => ENOUGH_MS + (ROUNDS * lateness.max) / 1e6;

  beforeAll(async () => {
    lateness.enable();
    server = createServer(answer);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const runs = cases.map(async ({ sdk, script, key }) => {
      const made: Attempt[] = [];
      attempts.set(key, made);
      const watched: typeof globalThis.fetch = async (...request) => {
        const attempt = { left: performance.now(), ended: Number.NaN };
        made.push(attempt);
        try {
          return await fetch(...request);
        } finally {
          attempt.ended = performance.now();
        }
      };
      await SDKS[sdk]!(`http://127.0.0.1:${port}/${key}`, script, watched).catch(() => undefined);
    });
    await Promise.all(runs);
    lateness.disable();
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each(cases)("$sdk, $script.name", ({ sdk, script, key }) => {
    const made = attempts.get(key)!;
    const shortest = modelled(sdk, script, 1 - 2 ** -53);
    const longest = modelled(sdk, script, 0);
    expect(made.length).toBe(shortest.length + 1);
    // A client's own timeout may end an attempt before a loaded machine has brought it to the server.
    if (script.replies[0]!.does === "hang") expect(arrivals.get(key)).toBeLessThanOrEqual(made.length);
    else expect(arrivals.get(key)).toBe(made.length);
    const delays = made.slice(1).map(({ left }, index) => left - made[index]!.ended);
    for (const [index, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(shortest[index]! - TIMER_SLACK_MS);
      expect(delay).toBeLessThanOrEqual(longest[index]! + slackMs());
    }
  });

  test.each(["retry-after 0", "retry-after above a timer's range"])(
    "openai-node-6 loops hot on %s: sooner through than by its own delays",
    (name) => {
      const waited = (which: string) => {
        const made = attempts.get(`openai-node-6-${SCRIPTS.findIndex((script) => script.name === which)}`)!;
        return made.at(-1)!.left - made[0]!.ended;
      };
      expect(waited(name)).toBeLessThan(waited("always 503") + slackMs() - ENOUGH_MS);
    },
  );

  test("and what they do not do would be noticed: the models differ from each other", () => {
    const differing = SCRIPTS.filter(
      (script) => modelled("openai-node-6", script, 0).join() !== modelled("anthropic-sdk", script, 0).join(),
    ).map(({ name }) => name);
    expect(differing).toEqual(["retry-after 0", "retry-after above a timer's range"]);
  });
});
