// The scenario, version 1: one zod schema is the source of its types, of its errors and of its JSON Schema.
// This file joins what the file says (file.ts) to what that stands for (resolve.ts), and knows nothing about
// YAML.
import * as z from "zod";
import type { CustomModules } from "../custom/code.js";
import { scenarioFile } from "./file.js";
import { resolveScenario } from "./resolve.js";

/**
 * The file with everything resolved. Parse only what passed the cross-checks: it asserts what they promise.
 */
export const scenarioSchema = scenarioFile.transform(resolveScenario);

/** A scenario that is ready to run: units read, defaults and presets filled in, references checked. */
export type Scenario = z.output<typeof scenarioSchema> & {
  /** By name, the modules of users' own that it names; undefined where there is none. */
  readonly modules?: CustomModules;
};

/** What a scenario file may hold. */
export type ScenarioInput = z.input<typeof scenarioFile>;

const TITLE = "surgefleet scenario";
const ID = "urn:surgefleet:schema:scenario:1";

/** JSON Schema (draft 7, as editors want it) of the file as people write it. */
export function scenarioJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(scenarioFile, { target: "draft-7", io: "input" });
  return { $schema, $id: ID, title: TITLE, ...rest };
}
