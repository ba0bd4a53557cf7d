import { strict as assert } from "node:assert";
import { DockerRouter } from "../../../../components/ingress/docker/router";
import type { Plan } from "../../../../tools/plan/plan";
import { only, record } from "../../../record";
import { type ContainerInputs, container, network, textNamed, volumeType } from "../../docker-mocks";

describe("DockerRouter", () => {
  let plan: Plan;
  let server: ContainerInputs;
  let configuration: string;
  before(async () => {
    plan = await record(
      () =>
        new DockerRouter("shop-router", {
          network,
          image: "haproxy:3",
          replicas: ["shop-app-1-a", "shop-app-2-b"],
          port: 3000,
          domain: "shop.example.com",
          readyPath: "/api/ready",
          graceSeconds: 25,
        }).socket,
    );
    server = container(plan, "shop-router-server").inputs;
    configuration = textNamed(plan, "haproxy.cfg");
  });

  it("names replicas one by one, so that a container outside of the stack's state never gets a request", () => {
    assert.ok(configuration.includes("  server r1 shop-app-1-a:3000 check\n  server r2 shop-app-2-b:3000 check\n"));
    assert.equal(configuration.includes("server-template"), false);
  });

  it("asks each replica whether it is ready", () => {
    assert.equal(configuration.match(/http-check send meth GET uri \/api\/ready/g)?.length, 2);
    assert.ok(configuration.includes("http-check expect status 200"));
  });

  it("retries what was not sent, and a file: at the other release too, while there are two", () => {
    assert.deepEqual(
      [...configuration.matchAll(/^ {2}retry-on (.*)$/gm)].map(([, when]) => when),
      ["conn-failure", "conn-failure empty-response", "conn-failure empty-response 404"],
    );
    assert.ok(
      configuration.includes("http-request disable-l7-retry if !{ path_beg /_next/static/ } or !METH_GET\n"),
      "nothing but a file",
    );
    assert.ok(configuration.includes("  use_backend assets if asset METH_GET candidate_up\n"));
  });

  it("runs the new one beside the old, which finishes its requests before replicas are told to stop", () => {
    assert.equal(container(plan, "shop-router-server").resource.options.deleteBeforeReplace, false);
    assert.equal("name" in server, false);
    assert.deepEqual([server["stopSignal"], server["stopTimeout"], server["destroyGraceSeconds"]], ["SIGUSR1", 25, 25]);
  });

  it("takes over by a rename, once it has a replica, and is healthy when it is in charge", () => {
    assert.ok(configuration.includes('bind "unix@/run/slipway-router/${HOSTNAME}.sock" mode 666'));
    const [, , serving] = server["entrypoints"] as unknown as string[];
    assert.match(serving!, /mv -fT "\/run\/slipway-router\/\$HOSTNAME.next" \/run\/slipway-router\/current.sock/);
    assert.ok(server.healthcheck.tests.at(-1)?.includes("readlink /run/slipway-router/current.sock"));
    const socket = only(plan, volumeType, "shop-router-socket").inputs["driverOpts"] as unknown as { o: string };
    assert.ok(socket.o.startsWith("uid=99,gid=99,mode=0755,"));
  });

  it("is on the internal network alone, hardened, without a published port", () => {
    assert.deepEqual(server.networksAdvanced, [{ name: "shop-internal" }]);
    assert.equal("ports" in server, false);
    assert.deepEqual([server.user, server["readOnly"]], ["99:99", true]);
  });
});
