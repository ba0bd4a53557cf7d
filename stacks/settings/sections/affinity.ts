import { z } from "zod";

/** Kubernetes' own names throughout: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
const weight = z.int("expected a whole number from 1 to 100").min(1).max(100);
const key = z.string("expected the key of a label").min(1, "expected the key of a label");

/** A selector that the API server would refuse: an operator with the wrong number of values. */
function requirement(operators: readonly [string, ...string[]]) {
  return z
    .strictObject({
      key,
      operator: z.enum(operators, `expected ${operators.join(", ")}`),
      values: z.array(z.string("expected text")).optional(),
    })
    .superRefine(({ operator, values = [] }, context) => {
      const say = (message: string) => context.addIssue({ code: "custom", path: ["values"], message });
      if (["In", "NotIn"].includes(operator) && values.length === 0) say(`${operator} takes one value or more`);
      if (["Exists", "DoesNotExist"].includes(operator) && values.length > 0) say(`${operator} takes no values`);
      if (["Gt", "Lt"].includes(operator) && !(values.length === 1 && /^-?\d+$/.test(values[0]!))) {
        say(`${operator} takes one whole number, in quotes`);
      }
    });
}

const requirements = z.array(requirement(["In", "NotIn", "Exists", "DoesNotExist"]));
const nodeRequirements = z.array(requirement(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]));
const nodeTerm = z
  .strictObject({ matchExpressions: nodeRequirements.optional(), matchFields: nodeRequirements.optional() })
  .refine(
    ({ matchExpressions = [], matchFields = [] }) => matchExpressions.length + matchFields.length > 0,
    "expected matchExpressions: a term without any matches no node",
  );

const nodeAffinity = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .strictObject({ nodeSelectorTerms: z.array(nodeTerm).min(1, "expected one term or more") })
    .optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z.array(z.strictObject({ weight, preference: nodeTerm })).optional(),
});

const selector = z.strictObject({
  matchLabels: z.record(key, z.string("expected text")).optional(),
  matchExpressions: requirements.optional(),
});
const podTerm = z.strictObject({
  labelSelector: selector.optional(),
  namespaceSelector: selector.optional(),
  namespaces: z.array(z.string()).optional(),
  topologyKey: z.string("expected a label of nodes such as topology.kubernetes.io/zone").min(1),
});
const podAffinity = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podTerm).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight, podAffinityTerm: podTerm }))
    .optional(),
});

/** `affinity` of a pod. */
export const affinity = z
  .strictObject({
    nodeAffinity: nodeAffinity.optional(),
    podAffinity: podAffinity.optional(),
    podAntiAffinity: podAffinity.optional(),
  })
  .meta({
    description:
      "Affinity of every pod of the stack, as Kubernetes writes it: `nodeAffinity`, `podAffinity`, `podAntiAffinity`. For what `nodeSelector` cannot say: one of several values, none of some, or a preference.",
    example: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "karpenter.sh/capacity-type", operator: "NotIn", values: ["spot"] }] },
          ],
        },
      },
    },
  });
