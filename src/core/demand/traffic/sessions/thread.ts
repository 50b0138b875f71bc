// The state of one live thread of a session: its main thread, or one of its sub-agents. State only, in objects that
// are used again; population.ts moves them.

import { NONE } from "../../../base/none.js";
import { START } from "../../../base/units.js";
import type { Stream } from "../../../random/stream.js";
import type { MixEntry } from "../mix.js";
import type { ThreadPlan } from "./plan.js";

export class Thread {
  /** Name of its stream; undefined plan: the thread is free. */
  id = "";
  stream: Stream | undefined;
  plan: ThreadPlan | undefined;
  /** What it does when its client gives up, drawn apart, so that no refusal changes what it asks for. */
  refusals: Stream | undefined;
  member = NONE;
  /** Slot of the main thread that waits for it; NONE for a main thread. */
  parent = NONE;
  /** Sub-agents that it waits for, and those that it has started so far. */
  running = 0;
  spawned = 0;
  entry: MixEntry | undefined;
  /** Which of the groups of applications it is one of. */
  group = 0;
  /** Numbers for the prefix cache. */
  prefix = NONE;
  context = NONE;
  isInFlight = false;
  // Of the whole session, on its main thread.
  startedAt: number = START;
  /** Moves that it made before it began. */
  moved = 0;
  requests = 0;
}
