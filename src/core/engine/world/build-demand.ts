// The callers of one run, out of a scenario's words: the sources of demand with their clients.
import { assert } from "../../base/assert.js";
import { OUTCOMES, type Outcome, type OutcomeName } from "../../base/outcome.js";
import type { OpenRealm } from "../../custom/code.js";
import type { Callers } from "../../demand/callers/callers.js";
import { Demand, type DemandSetup } from "../../demand/callers/demand.js";
import type { Client } from "../../demand/clients/client.js";
import { ClientPopulation } from "../../demand/clients/population.js";
import { createClient, createCustomClient, createStack } from "../../demand/clients/registry.js";
import { AccountNames } from "../../demand/traffic/accounts.js";
import { Contexts } from "../../demand/traffic/contexts.js";
import type { CustomUse } from "../../document/custom-instance.js";
import { createDistribution } from "../../random/distribution.js";
import { openStream } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import { createSource } from "./build-sources.js";
import { customRun } from "./custom-run.js";
import { buildCatalogue } from "./paths.js";
import type { Seams } from "./seams.js";
import type { SharedNames, SourceOptions } from "./source-options.js";

type SourceSpec = Scenario["traffic"][string];
type FallbackSpec = SourceSpec["fallback"][number] & { readonly on?: readonly OutcomeName[] };

type Given = Omit<DemandSetup, "catalogue" | "callers" | "accounts">;
export type DemandOptions = SourceOptions &
  Given & { readonly seams?: Seams | undefined; readonly openRealm?: OpenRealm | undefined };

export function buildDemand(scenario: Scenario, options: DemandOptions): Demand {
  const shared = { accounts: new AccountNames(options.cohorts.accounts), contexts: new Contexts() };
  const callers = Object.entries(scenario.traffic).map(([name, spec]) =>
    buildCallers(name, spec, scenario, options, shared),
  );
  const { events, cohorts, calls, ledger, history, observer } = options;
  const { accounts } = shared;
  return new Demand({
    catalogue: buildCatalogue(scenario),
    callers,
    accounts,
    cohorts,
    events,
    calls,
    ledger,
    history,
    observer,
  });
}

function buildCallers(
  name: string,
  spec: SourceSpec,
  scenario: Scenario,
  options: SourceOptions & Pick<DemandOptions, "seams" | "openRealm">,
  shared: SharedNames,
): Callers {
  const { accounts } = shared;
  const clients = spec.client.map(({ share, ...client }) => {
    const made = clientOf(client, () => customUse(name, scenario, options));
    return { share, client: options.seams?.client?.(made) ?? made };
  });
  const paths = Object.keys(scenario.paths);
  return {
    source: createSource(name, spec, scenario, options, shared),
    clients: new ClientPopulation(clients, options.seed, name, (account) => accounts.nameOf(account)),
    fallbacks: spec.fallback.map(({ path, on }: FallbackSpec) => ({
      path: paths.indexOf(path),
      on: on?.map((name) => OUTCOMES.indexOf(name) as Outcome),
    })),
    chance: openStream(options.seed, `clients/${name}`),
    patience:
      spec.patience &&
      createDistribution(spec.patience, openStream(options.seed, `traffic/${name}/patience`)),
    maxInput: spec.maxInput ?? Number.POSITIVE_INFINITY,
  };
}

type ClientSpec = SourceSpec["client"][number];
type Unshared<Spec> = Spec extends unknown ? Omit<Spec, "share"> : never;

function clientOf(spec: Unshared<ClientSpec>, use: () => CustomUse): Client {
  if ("module" in spec) return createCustomClient(spec, use());
  const { preset, stack, ...options } = spec;
  if (stack !== undefined) return createStack(stack, options);
  assert(preset !== undefined, "a client has a name or is a stack of them");
  return createClient(preset, options);
}

function customUse(
  source: string,
  scenario: Scenario,
  { openRealm }: Pick<DemandOptions, "openRealm">,
): CustomUse {
  return { ...customRun(scenario, openRealm)!, where: `source ${source}` };
}
