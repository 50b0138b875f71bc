// The names that a scenario may use are those that there is something for: no more, no less.
import { expect, test } from "vitest";
import { CLIENT_NAMES as CLIENTS } from "../../../src/core/demand/clients/registry.js";
import { TRACE_FORMATS } from "../../../src/core/demand/trace/formats/formats.js";
import { PROFILES } from "../../../src/core/demand/traffic/population/profiles.js";
import { DAY_NAMES } from "../../../src/core/demand/traffic/rate/shape.js";
import { shape } from "../../../src/core/scenario/arrivals.js";
import { CLIENT_NAMES, POPULATION_NAMES, TRACE_FORMAT_NAMES } from "../../../src/core/scenario/names.js";

const sorted = (names: readonly string[]) => [...names].sort();

test.each<[string, readonly string[], readonly string[]]>([
  ["profile of callers", POPULATION_NAMES, Object.keys(PROFILES)],
  ["client", CLIENT_NAMES, CLIENTS],
  ["format of traces", TRACE_FORMAT_NAMES, TRACE_FORMATS.map(({ id }) => id)],
])("every %s can be named, and nothing else", (_, written, known) => {
  expect(sorted(written)).toEqual(sorted(known));
  expect(new Set(written).size).toBe(written.length);
});

test("every day that there is can be named", () => {
  for (const daily of DAY_NAMES) expect(shape.safeParse({ daily }).success).toBe(true);
  expect(shape.safeParse({ daily: "sunday" }).success).toBe(false);
});
