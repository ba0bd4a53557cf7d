import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import { mapSourcePosition } from "@cspotcode/source-map-support";
import type { Place } from "../../plan/plan";

const ownComponents = join(__dirname, "..", "..", "..", "components") + sep;

/**
 * Where the program registers a resource: the innermost of its own files, as they are written and not as they are run.
 * Undefined for what Slipway's components register, as nobody changes a stack there; the stack file is its place.
 */
export function placeOf(request: resource.RegisterResourceRequest, projectDir: string): Place | undefined {
  for (const frame of request.getStacktrace()?.getFramesList() ?? []) {
    const position = frame.getPc();
    const uri = position?.getUri() ?? "";
    if (!position || !uri.startsWith("file:")) continue;
    const source = fileURLToPath(uri);
    if (source.startsWith(ownComponents)) return undefined;
    if (!isOwn(source, projectDir)) continue;
    const mapped = mapSourcePosition({ source, line: position.getLine(), column: position.getColumn() });
    const file = mapped.source.startsWith("file:") ? fileURLToPath(mapped.source) : mapped.source;
    return { file: relative(projectDir, file).split(sep).join("/"), line: mapped.line };
  }
  return undefined;
}

function isOwn(file: string, projectDir: string): boolean {
  const inside = relative(projectDir, file);
  return !inside.startsWith("..") && !isAbsolute(inside) && !inside.split(sep).includes("node_modules");
}
