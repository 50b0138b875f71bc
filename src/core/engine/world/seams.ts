// Where something can be put between two parts of a run, when it is built: each seam gets the part that would be used
// and gives the one that is. For tests, which plant faults there to see that the laws notice.
import type { Answers, Calls } from "../../api/wire.js";
import type { Client } from "../../demand/clients/client.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import type { Ledger } from "../../results/ledger/ledger.js";
import type { Foresight } from "../../server/fleet/control/autoscalers/autoscaler.js";
import type { Fleet } from "../../server/fleet/fleet.js";
import type { Pool } from "../../server/fleet/pool.js";
import type { Admission } from "../../server/gateway/admission.js";
import type { Gateway } from "../../server/gateway/gateway.js";
import type { Replica, ReplicaListener } from "../../server/replica/replica.js";

type Seam<Part> = (part: Part) => Part;

export interface Seams {
  /** The clock of events. */
  readonly events?: Seam<EventQueue>;
  readonly client?: Seam<Client>;
  /** From callers to the server, and back. */
  readonly calls?: Seam<Calls>;
  readonly answers?: Seam<Answers>;
  readonly ledger?: Seam<Ledger>;
  readonly gateway?: Seam<Gateway>;
  readonly admission?: Seam<Admission>;
  readonly pool?: Seam<Pool>;
  /** Before it has any instance. */
  readonly fleet?: Seam<Fleet>;
  readonly replica?: Seam<Replica>;
  /** What an autoscaler is shown that foresees. */
  readonly foresight?: Seam<Foresight>;
  /** From replicas to the server. */
  readonly listener?: Seam<ReplicaListener>;
}
