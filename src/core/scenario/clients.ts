// The clients of a source, as a scenario writes them: one by name, one with its options, or several by share. Which
// clients there are, and what each may be told, is theirs to say.
import * as z from "zod";
import { FEATURE_OPTIONS } from "../demand/clients/features.js";
import { CLIENTS } from "../demand/clients/registry.js";
import { CLIENT_SETTINGS } from "../demand/clients/settings.js";
import { anyOptions, disjoint, ownersOf } from "../document/any-options.js";
import { customMap, customName } from "../document/custom.js";
import { nameOf } from "../document/definition.js";
import { share, showShare } from "../document/units.js";
import { expected } from "../document/words.js";

const preset = () => nameOf(CLIENTS);
const ownOptions = anyOptions(CLIENTS);

const kinds = {
  preset: preset().exactOptional().describe("Client by name; this or stack."),
  stack: z
    .array(preset())
    .min(1)
    .max(3)
    .exactOptional()
    .describe("Clients one inside the other, the outermost first: their retries multiply."),
};
const options = disjoint(kinds, CLIENT_SETTINGS, ownOptions, FEATURE_OPTIONS);

const hasOneKind = (client: object) => "preset" in client !== "stack" in client;
const oneKind = 'a client is a "preset" or a "stack" of them, and not both';

interface Named {
  readonly preset?: string | undefined;
  readonly stack?: readonly string[] | undefined;
}

/** What is set of a client must be something that it, or a layer of the stack, has. */
function checkOwn(client: Named, context: z.core.$RefinementCtx): void {
  const named = client.stack ?? [client.preset];
  for (const key of Object.keys(ownOptions)) {
    const owners = ownersOf(CLIENTS, key);
    if (!(key in client) || owners.some((owner) => named.includes(owner))) continue;
    context.addIssue({ code: "custom", path: [key], message: `an option of ${owners.join(", ")} only` });
  }
}

const one = z.strictObject(options).refine(hasOneKind, oneKind).superRefine(checkOwn);
const expectedPart = expected("a client with its share, like {share: 50%, preset: naive}");
const part = z
  .strictObject(
    { share: share().describe("Share of the accounts."), ...options },
    { error: (issue) => (issue.code === "invalid_type" ? expectedPart(issue) : undefined) },
  )
  .refine(hasOneKind, oneKind)
  .superRefine(checkOwn);

const isSumOne = (sum: number) => Math.abs(sum - 1) <= 1e-9;
const sumOf = (parts: readonly { share: number }[]) => parts.reduce((sum, { share: each }) => sum + each, 0);

/** What may be set of a client of the user's own beside the options of that. */
export const CUSTOM_CLIENT = { ...CLIENT_SETTINGS, ...FEATURE_OPTIONS };

const customPart = customMap("preset", {
  share: share().describe("Share of the accounts."),
  ...CUSTOM_CLIENT,
});

type Part = z.output<typeof part> | z.output<typeof customPart>;

/** Parses to a list of clients, each with its share of the accounts. */
export const clients = z
  .union(
    [
      preset().transform((name): Part[] => [{ share: 1, preset: name }]),
      one.transform((client): Part[] => [{ share: 1, ...client }]),
      customName("preset", CUSTOM_CLIENT).transform((client): Part[] => [{ share: 1, ...client }]),
      customMap("preset", CUSTOM_CLIENT).transform((client): Part[] => [{ share: 1, ...client }]),
      z
        .array(z.union([part, customPart], { error: expectedPart }))
        .min(1)
        .refine((parts) => isSumOne(sumOf(parts)), {
          error: ({ input }) =>
            `the shares of the clients sum to ${showShare(sumOf(input as Part[]))}, not to 100%`,
        }),
    ],
    {
      error: expected(
        "the name of a client, {preset: openai-node-6, maxRetries: 2}, or a list of those with a share each",
      ),
    },
  )
  .prefault("none");
