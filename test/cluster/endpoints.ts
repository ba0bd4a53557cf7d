import type { ControlPlane } from "./control-plane";

/** Addresses that the Service sends requests to. */
export async function readyReplicas(plane: ControlPlane, namespace: string, service: string): Promise<number> {
  const slices = await plane.list<{ endpoints?: { conditions: { ready?: boolean } }[] }>(
    namespace,
    "endpointslices",
    `kubernetes.io/service-name=${service}`,
  );
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready === true)
    .length;
}

/** The smallest number of such addresses while `act` runs. */
export async function leastReady(ready: () => Promise<number>, act: () => Promise<void>): Promise<number> {
  let over = false;
  let least = Infinity;
  const watching = (async () => {
    while (!over) least = Math.min(least, await ready());
  })();
  try {
    await act();
  } finally {
    over = true;
    await watching;
  }
  return least;
}
