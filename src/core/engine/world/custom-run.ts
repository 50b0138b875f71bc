// The modules of users' own in one run: those that the scenario carries, and what opens realms for them.
import { SurgefleetError } from "../../base/errors.js";
import type { OpenRealm } from "../../custom/code.js";
import type { CustomRun } from "../../document/custom-instance.js";
import type { Scenario } from "../../scenario/schema.js";

/** Undefined where the scenario has none. Throws USAGE where it has some and nothing opens realms. */
export function customRun(
  { name, modules }: Pick<Scenario, "name" | "modules">,
  open: OpenRealm | undefined,
): CustomRun | undefined {
  if (modules === undefined) return undefined;
  if (open !== undefined) return { modules, open };
  const which = Object.keys(modules).join(", ");
  throw new SurgefleetError("USAGE", `${name} runs code (${which}): pass openRealm to say in which realm`);
}
