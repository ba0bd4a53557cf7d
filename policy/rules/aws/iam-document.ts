import type { Resource } from "../../resource";
import type { RuleContext } from "../../rule";
import type { Value } from "../../value";

/** One statement of a policy document. Each part is read when asked for, so that one unknown part hides no other. */
export class Statement {
  constructor(readonly value: Value) {}

  get allows(): boolean {
    return this.part("Effect").isNot("Deny");
  }

  get denies(): boolean {
    return this.part("Effect").is("Deny");
  }

  get condition(): Value {
    return this.part("Condition");
  }

  /** `Action`, `Resource` and the like: one string, or a list of them. */
  list(part: "Action" | "NotAction" | "Resource" | "NotResource"): Value[] {
    return this.value.either(part, decapitalise(part), `${decapitalise(part)}s`).items();
  }

  /** Principals of one kind (`AWS`, `Federated`, `Service`), and the lone `"*"` that stands for everybody. */
  principals(kind?: "AWS" | "Federated" | "Service"): Value[] {
    const principal = this.part("Principal");
    if (!isObject(principal)) return principal.items();
    return principal.entries().flatMap(([name, value]) => (kind === undefined || name === kind ? value.items() : []));
  }

  /** The values of a condition key under any operator: `aws:SecureTransport`. Keys are not case-sensitive. */
  conditionValues(operator: RegExp, key: RegExp): Value[] {
    return this.condition.entries().flatMap(([name, tests]) => {
      if (!operator.test(name)) return [];
      return tests.entries().flatMap(([tested, values]) => (key.test(tested) ? values.items() : []));
    });
  }

  /** Whether it holds for every resource; all but a few named ones are every resource. */
  onEverything(isEvery: (target: Value) => boolean = isEveryResource): boolean {
    return this.list("NotResource").length > 0 || this.list("Resource").some(isEvery);
  }

  get conditional(): boolean {
    return this.condition.entries().length > 0;
  }

  private part(name: string): Value {
    return this.value.either(name, decapitalise(name));
  }
}

/** The statements of a document given as JSON, as an object, as a list of statements or as one statement. */
export function statements(document: Value): Statement[] {
  const parsed = document.json();
  const listed = Array.isArray(parsed.raw) ? parsed : parsed.either("Statement", "statement", "statements");
  return listed.items().map((value) => new Statement(value));
}

const identityPolicy = /^aws:iam\/(policy:Policy|(role|user|group)Policy:(Role|User|Group)Policy)$/;

export const identityPolicyHolders = [identityPolicy, "aws:iam/role:Role"] as const;

/** Documents that say what their holder may do. */
export function identityPolicies(resource: Resource): Value[] {
  if (identityPolicy.test(resource.type)) return [resource.get("policy")].filter(({ present }) => present);
  return resource
    .get("inlinePolicies")
    .items()
    .map((inline) => inline.get("policy"))
    .filter(({ present }) => present);
}

/** Each statement by which a policy of the resource allows something. */
export function eachGrant(
  resource: Resource,
  { each }: Pick<RuleContext, "each">,
  judge: (statement: Statement) => void,
): void {
  each(identityPolicies(resource), (document) => {
    each(statements(document), (statement) => {
      if (statement.allows) judge(statement);
    });
  });
}

/** `*`, `*:*`, `**`: whether a pattern of actions is every action there is. */
export function isEveryAction(action: Value): boolean {
  return action.is("*") || (!action.isUnknown && action.text()?.matches(/^[*?]*\*[*?]*(:[*?]*\*[*?]*)?$/) === true);
}

/** `*`, `arn:aws:*`, `arn:*:*:*:*:*`: whether a pattern of resources is every resource there is. */
export function isEveryResource(target: Value): boolean {
  return target.is("*") || (!target.isUnknown && target.text()?.matches(/^(\*+|arn:[\w*-]+(:[*]*)+)$/) === true);
}

/** `*`, `s3:*`, `iam:Pass*`: whether a pattern of actions covers this action. */
export function covers(pattern: string, action: string): boolean {
  const escaped = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const expression = escaped.replace(/\*+/g, ".*").replace(/\?/g, ".");
  return pattern.length < 300 && new RegExp(`^${expression}$`).test(action.toLowerCase());
}

function isObject({ raw, isUnknown, isSecret }: Value): boolean {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) && !isUnknown && !isSecret;
}

function decapitalise(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
