import { deepEqual } from "node:assert/strict";
import { fileNamed } from "../../components/docker-mocks";
import { planOf } from "../../parity/targets";

describe("service.basePath on Docker", () => {
  for (const [name, service, path] of [
    ["is where nginx and the router look for static files", { basePath: "/shop" }, "/shop/_next/static"],
    ["is none unless it is said", {}, "/_next/static"],
  ] as const)
    it(name, async () => {
      const plan = await planOf("docker", { docker: { backupsOnThisHostOnly: true }, service });
      for (const file of ["nginx.conf", "haproxy.cfg"]) {
        const paths = [...JSON.stringify(fileNamed(plan, file)).matchAll(/(?:\/\w+)*\/_next\/static(?=[/(])/g)].map(
          ([found]) => found,
        );
        deepEqual([...new Set(paths)], [path], file);
      }
    });
});
