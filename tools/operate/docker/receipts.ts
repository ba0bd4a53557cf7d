import type { DockerOperations } from "../../../stacks/operations";
import { receiptsOf } from "../../plan/read-receipt";
import type { Receipt } from "../../plan/receipt";
import { printed } from "../stack";

const kept = 20;

/** Receipts are kept with the stack, on a volume of the host. Newest first. */
export async function receipts(operations: DockerOperations): Promise<Receipt[]> {
  const text = await inVolume(operations, "cat /receipts/*.json 2>/dev/null || true");
  return receiptsOf(text.split("\n"));
}

export async function keep(operations: DockerOperations, receipt: Receipt): Promise<void> {
  const file = `/receipts/${receipt.startedAt.replaceAll(":", "-")}.json`;
  const script = `printf '%s\\n' "$1" >"$0" && ls -1 /receipts/*.json | head -n -${kept} | xargs -r rm --`;
  await inVolume(operations, script, file, JSON.stringify(receipt));
}

/** Whether visitors get the error page. Kept on the volume: it outlives a restart of the host. */
export async function isInMaintenance(operations: DockerOperations): Promise<boolean> {
  return (await inVolume(operations, "test ! -e /receipts/maintenance || echo on")) === "on";
}

export async function setMaintenance(operations: DockerOperations, on: boolean): Promise<void> {
  await inVolume(operations, on ? ": >/receipts/maintenance" : "rm -f /receipts/maintenance");
}

/** In a container of its own, which is gone afterwards: containers beside the site need not be able to write them. */
async function inVolume(
  { ingress, receipts: volume }: DockerOperations,
  ...script: readonly string[]
): Promise<string> {
  const image = await printed("docker", ["inspect", "--format", "{{.Image}}", ingress]);
  const hardened = ["--network", "none", "--read-only", "--cap-drop", "ALL", "--user", "0:0"];
  const mount = ["--mount", `type=volume,source=${volume},target=/receipts`];
  return printed("docker", ["run", "--rm", ...hardened, ...mount, "--entrypoint", "sh", image, "-c", ...script]);
}
