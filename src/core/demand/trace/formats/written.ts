// What the writers of several formats share: times with all their digits, and names. It does not know the formats.
import { MICROS_PER_SECOND } from "../../../base/units.js";
import type { TraceRow } from "../row.js";

/** Seconds with up to six digits behind the point, exactly. */
export function exactSeconds(micros: number): string {
  const whole = Math.floor(micros / MICROS_PER_SECOND);
  const rest = micros - whole * MICROS_PER_SECOND;
  // Down to a millionth, numbers are written without an exponent.
  return rest === 0 ? String(whole) : `${whole}${String(rest / MICROS_PER_SECOND).slice(1)}`;
}

/** A sub-agent as a session of its own. */
export function sessionName({ session, agent }: TraceRow): string {
  return agent === "" ? session : `${session}/${agent}`;
}

/** The same where accounts are not written: two accounts may have a session of one name. */
export function lonelyName(row: TraceRow): string {
  return row.account === "" ? sessionName(row) : `${row.account}/${sessionName(row)}`;
}
