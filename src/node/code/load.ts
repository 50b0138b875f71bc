// Loads a module of a user's own for a scenario: bundles it, reads it once in a realm, and takes down what it says of
// itself.
import { dirname, relative, resolve } from "node:path";
import { type Issue, SurgefleetError } from "../../core/index.js";
import { type CustomCode, type CustomFacts, type LoadedCode, problemOfFacts } from "../../core/internal.js";
import { parsedJson } from "../json.js";
import { bridgeScript } from "./bridge-script.js";
import { bundleModule } from "./bundle.js";
import { openRealm } from "./open-realm.js";

/** `from` is the file that names it; an empty text where a flag does, whose paths begin at the working directory. */
export function loadCode(name: string, from: string): LoadedCode {
  const bundled = bundleModule(name, resolve(from === "" ? "." : dirname(from)));
  if (!bundled.ok) return bundled;
  const code = { ...bundled.bundle, bridge: bridgeScript() };
  const shown = relative(process.cwd(), code.file);
  try {
    const { bridge } = openRealm(code);
    const description = bridge.describe();
    if (description === "")
      return failed(shown, String((parsedJson(bridge.failure()) as Partial<Error>)?.message));
    const facts = parsedJson(description) as CustomFacts;
    const problem = problemOfFacts(facts);
    return problem === undefined ? { ok: true, code: { ...code, ...facts } } : failed(shown, problem);
  } catch (error) {
    if (!(error instanceof SurgefleetError)) throw error;
    return failed("", error.message);
  }
}

const failed = (file: string, message: string): LoadedCode => ({
  ok: false,
  issues: [{ file, line: 0, column: 0, path: "", message } satisfies Issue],
});

/** A module that a person names on the command line, relative to the working directory. Throws all that is wrong. */
export function loadNamed(name: string): CustomCode {
  const answer = loadCode(name, "");
  if (answer.ok) return answer.code;
  // A flag is no place: what is wrong with the whole module begins with its name.
  const issues = answer.issues.map((one) =>
    one.file === "" ? { ...one, file: name, message: one.message.replace(`${name}: `, "") } : one,
  );
  throw new SurgefleetError("INVALID_SCENARIO", `${name} does not load`, issues);
}
