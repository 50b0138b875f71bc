// The same of the formats whose records have parts in parts: every value of a sample, when it says something else, changes
// the rows, is refused, or is told as ignored, with a reason. Fails where a part is passed over untold: try it by taking
// `stop` out of what weka ignores.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sharedFile } from "../../../support/shared-data.js";
import { type Json, untold } from "./changed-parts.js";

const folder = join(import.meta.dirname, "../../../fixtures/traces");

/** Values of more fields than the small files have, as published ones do. */
const MORE_SPANS = {
  span_count: 1,
  collected_at: "x",
  spans: [
    {
      name: "chat",
      kind: "k",
      status: { code: 1 },
      resource_attributes: { "service.name": "s" },
      trace_id: "t",
      start_time: "2026-02-25T12:00:00.000000",
      end_time: "2026-02-25T12:00:02.000000",
      attributes: {
        "gen_ai.request.model": "m",
        "gen_ai.request.max_tokens": 5,
        "gen_ai.provider.name": "p",
        "gen_ai.conversation.id": "c",
        "session.id": "s",
        "gen_ai.usage.input_tokens": 9,
        "gen_ai.usage.output_tokens": 9,
        "gen_ai.usage.cache_read.input_tokens": 3,
        "gen_ai.input.messages": "hello",
      },
    },
  ],
};

const lines = (name: string) => readFileSync(join(folder, name), "utf8").trim().split("\n");
const SAMPLES: readonly (readonly [name: string, documents: readonly string[]])[] = [
  ["weka.json", [readFileSync(join(folder, "weka.json"), "utf8")]],
  ["weka-dev.jsonl", lines("weka-dev.jsonl")],
  ["otel-genai.json", [readFileSync(join(folder, "otel-genai.json"), "utf8")]],
  ["more spans", [JSON.stringify(MORE_SPANS)]],
  ["tracelab.jsonl", lines("tracelab.jsonl")],
];

const PUBLISHED = [
  "weka/trace_0291.json",
  "formats/tracelab_round_trace.sample.jsonl",
  "formats/otel_parallel_requests.json",
];

/**
 * Of kinds, text and what is no tool's result are the same; of scopes, what is not global; of events, what is no input. A
 * span that names no model is told as a whole.
 */
const ALIKE =
  /^(requests\[\](\.requests\[\])?\.(type|input_types\[\])|hash_id_scope|timing_events\[\]\.\w+|.*operation\.name)$/;

test.each(SAMPLES)("%s", (_, documents) => {
  const found = untold(documents.map((text) => JSON.parse(text) as Json));
  expect(found.filter((path) => !ALIKE.test(path))).toEqual([]);
});

for (const name of PUBLISHED) {
  const path = sharedFile(`data/traces/${name}`);
  test.skipIf(path === undefined)(path === undefined ? `${name} (skipped: it is not here)` : name, () => {
    const text = readFileSync(path!, "utf8").trim();
    const documents = (name.endsWith("l") ? text.split("\n").slice(0, 6) : [text]).map(
      (one) => JSON.parse(one) as Json,
    );
    expect(untold(documents).filter((one) => !ALIKE.test(one))).toEqual([]);
  });
}
