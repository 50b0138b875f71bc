// Calls into code of users' own, ended where they take too long: such a loop would keep this thread from being told of
// Ctrl-C, for ever.
import { Script } from "node:vm";
import { type Scenario, SurgefleetError } from "../../core/index.js";

/** Far more than what is done at once takes. */
const PATIENCE_MS = 10_000;

/** Where the action stands while it is called: the engine ends scripts, and functions only as part of one. */
const SLOT = "surgefleetPatience";
const CALL = new Script(`${SLOT}()`, { filename: "surgefleet-patience.js" });

/** Throws CODE_FAILED, with `whose` code it is, where the action has not ended in time. */
export function withPatience<Value>(whose: string, action: () => Value, patienceMs = PATIENCE_MS): Value {
  Object.defineProperty(globalThis, SLOT, { value: action, configurable: true });
  try {
    return CALL.runInThisContext({ timeout: patienceMs }) as Value;
  } catch (error) {
    if ((error as Partial<NodeJS.ErrnoException> | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw error;
    const message = `${whose}: no answer for ${patienceMs / 1000} s: does a loop of it never end?`;
    throw new SurgefleetError("CODE_FAILED", message);
  } finally {
    Reflect.deleteProperty(globalThis, SLOT);
  }
}

/** So few that all of them end in time, however slow code is that is of any use. */
const EVENTS_AT_ONCE = 2_000;
type Run = (events: number) => boolean;

/** Steps of a simulation, with patience where the scenario runs code of users' own. */
export function patientRun({ modules }: Pick<Scenario, "modules">, run: Run, patienceMs?: number): Run {
  if (modules === undefined) return run;
  const whose = Object.keys(modules).join(", ");
  return (events) => withPatience(whose, () => run(Math.min(events, EVENTS_AT_ONCE)), patienceMs);
}
