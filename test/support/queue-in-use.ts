// A queue rule in use, for tests by hand.
import { after, START, seconds } from "../../src/core/base/units.js";
import type { QueueInUse } from "../../src/core/tools/contracts/queue-in-use.js";

export { QueueInUse } from "../../src/core/tools/contracts/queue-in-use.js";

/** The same queue at a time in seconds. */
export function at(queue: QueueInUse, time: number): QueueInUse {
  queue.now = after(START, seconds(time));
  return queue;
}
