// The laws of a module of a user's own, by its kind, each on things that the module makes anew with the options given.

import type { Duration } from "../../base/units.js";
import type { CustomCode, OpenRealm } from "../../custom/code.js";
import { createCustomClient } from "../../demand/clients/registry.js";
import type { CustomPool } from "../../document/custom-instance.js";
import { openStream } from "../../random/stream.js";
import type { ScalerContext } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { type AutoscalerSpec, createAutoscaler } from "../../server/fleet/control/autoscalers/registry.js";
import { createLimit } from "../../server/gateway/concurrency/registry.js";
import { createPolicy } from "../../server/gateway/policies/registry.js";
import { createQueueRule } from "../../server/gateway/queue/registry.js";
import type { QueueContext } from "../../server/gateway/queue/rule.js";
import { AUTOSCALER_LAWS } from "./autoscaler.js";
import { CLIENT_LAWS } from "./client.js";
import { type Law, lawsFor } from "./law.js";
import { LIMIT_LAWS } from "./limit.js";
import { POLICY_LAWS, type PolicyUnderTest } from "./policy.js";
import { RANKED_PATHS } from "./policy-logs.js";
import { QUEUE_RULE_LAWS } from "./queue-rule.js";

/** One law on one module. */
export interface LawOfModule {
  readonly text: string;
  /** Throws what breaks it, and CODE_FAILED where the module fails. */
  check(): void;
}

interface Tried {
  readonly code: CustomCode;
  /** As a scenario would name it. */
  readonly module: string;
  /** Its options, as a scenario would write them. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly open: OpenRealm;
  /** Drawn histories for each law. */
  readonly runs: number;
}

/** A limit of a user's own draws none. */
const NO_CHANCE = { chance: () => 0 };

const REPLICA: ScalerContext = {
  slots: 16,
  kvTokens: 10_000,
  profile: undefined,
  coldStart: 60_000_000 as Duration,
  foresight: undefined,
};

export function contractOf({ code, module, written, open, runs }: Tried): LawOfModule[] {
  const use: CustomPool = { modules: { [module]: code }, open, where: "the test", paths: RANKED_PATHS };
  const spec = { module, written };
  const of = <Subject>(laws: readonly Law<Subject>[], subject: Subject): LawOfModule[] =>
    lawsFor(laws, subject).map(({ text, hold }) => ({ text, check: () => hold(subject, runs) }));
  switch (code.kind) {
    case "policy":
      return of(POLICY_LAWS, policyOf(spec, use, code.ordersByPriority === true));
    case "autoscaler":
      return of(AUTOSCALER_LAWS, () =>
        createAutoscaler({ algorithm: "custom", ...spec } as AutoscalerSpec, REPLICA, use),
      );
    case "client":
      return of(CLIENT_LAWS, () => createCustomClient(spec, use));
    case "limit":
      return of(LIMIT_LAWS, () => createLimit({ limit: "custom", ...spec }, NO_CHANCE, use));
    case "queueRule":
      return of(QUEUE_RULE_LAWS, {
        keepsLanes: false,
        create: (context) => createQueueRule({ rule: "custom", ...spec }, context, ruleUse(use, context)),
      });
  }
}

/** The paths of a rule's contract are those of its lanes. */
const ruleUse = (use: CustomPool, { lanes }: QueueContext): CustomPool => ({
  ...use,
  paths: lanes.map(({ name, rank }) => ({ name, isServed: true, rank })),
});

function policyOf(
  spec: { readonly module: string; readonly written: Readonly<Record<string, unknown>> },
  use: CustomPool,
  ordersByPriority: boolean,
): PolicyUnderTest {
  return {
    displaces: true,
    ordersByPriority,
    create: (queue) => {
      const given = { policy: "custom", ...spec, ...queue, queueTimeout: undefined, evictLower: false };
      const stream = openStream("contract", "policy");
      const context = { paths: RANKED_PATHS, chance: () => stream.uniform() };
      return createPolicy(given as unknown as Parameters<typeof createPolicy>[0], context, use);
    },
  };
}
