import type { Resource } from "../../../resource";
import { Secret, Unknown, Value } from "../../../value";

/**
 * The containers of a task definition. ECS reads the JSON without regard to the case of a key's
 * first letter, so `Privileged` counts as `privileged`.
 */
export function containers(task: Resource): Value[] {
  const document = task.get("containerDefinitions").json();
  return new Value(decapitaliseKeys(document.raw), document.path).items();
}

function decapitaliseKeys(raw: unknown, depth = 0): unknown {
  if (raw instanceof Unknown || raw instanceof Secret || typeof raw !== "object" || raw === null || depth > 20)
    return raw;
  if (Array.isArray(raw)) return raw.map((item) => decapitaliseKeys(item, depth + 1));
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      decapitaliseKeys(value, depth + 1),
    ]),
  );
}
