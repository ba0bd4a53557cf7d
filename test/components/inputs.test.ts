import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { RandomPet } from "@pulumi/random";
import * as aws from "../../components/aws";
import * as kubernetes from "../../components/kubernetes";
import * as vercel from "../../components/vercel";
import { record } from "../record";
import { inside, network as awsNetwork } from "./aws-fixtures";
import { network as namespace, serviceArgs } from "./kubernetes-mocks";

/** Of each component, what may be the output of a resource that the program makes before. The compiler reads this too. */
const taken: Readonly<Record<string, (from: pulumi.Output<string>) => unknown>> = {
  "AwsVpc.zoneNames": (from) =>
    new aws.AwsVpc("n", { region: "r", cidr: "10.0.0.0/16", zones: 2, nat: "none", zoneNames: [from, "b"] }),
  "AwsVpc.zoneIds": (from) =>
    new aws.AwsVpc("n", { region: "r", cidr: "10.0.0.0/16", zones: 2, nat: "none", zoneIds: [from, "b"] }),
  "AwsCachePurge.service": (from) =>
    new aws.AwsCachePurge("p", {
      distribution: { arn: "a", id: from },
      service: { clusterName: "c", name: from },
      logRetentionDays: 30,
    }),
  "AwsRdsPostgres.vpcId": (from) =>
    new aws.AwsRdsPostgres("d", {
      ...inside,
      vpcId: from,
      version: "17",
      storageGb: 50,
      standby: false,
      readReplicas: 0,
      backupRetentionDays: 7,
      protect: false,
      instanceClass: "db.t4g.medium",
      backupCron: "0 3 * * *",
    }),
  "AwsElastiCache.nodeType": (from) => new aws.AwsElastiCache("c", { ...inside, standby: false, nodeType: from }),
  "AwsLoadBalancer.certificateArn": (from) =>
    new aws.AwsLoadBalancer("l", { network: awsNetwork, certificateArn: from }),
  "AwsService.process.image": (from) =>
    new aws.AwsService("s", {
      cluster: new aws.AwsCluster("c", { network: awsNetwork, region: "eu-central-1" }),
      process: { image: from },
    }),
  "ExternalPostgres.url": (from) =>
    new kubernetes.KubernetesWorker("w", {
      network: namespace,
      process: {
        image: "acme/shop:1",
        command: ["node", "mail.js"],
        environment: new kubernetes.ExternalPostgres("d", {
          url: pulumi.interpolate`postgres://app@${from}.example.com:5432/app`,
          password: { store: "kubernetes", secret: "d", key: "password" },
        }).environment,
      },
    }),
  "KubernetesNamespace.namespace": (from) => new kubernetes.KubernetesNamespace("n", { namespace: from }),
  "KubernetesNamespace.get": (from) =>
    new kubernetes.KubernetesWorker("w", {
      network: kubernetes.KubernetesNamespace.get("n", { namespace: from }),
      process: { image: "acme/shop:1", command: ["node", "mail.js"] },
    }),
  "KubernetesCloudNativePg.get, the Cluster": (from) =>
    new kubernetes.KubernetesWorker("w", {
      network: namespace,
      process: {
        image: "acme/shop:1",
        command: ["node", "mail.js"],
        environment: kubernetes.KubernetesCloudNativePg.get("d", { network: namespace, clusterName: from }).environment,
      },
    }),
  "KubernetesService.imagePullSecret": (from) =>
    new kubernetes.KubernetesService("w", { ...serviceArgs, imagePullSecret: from }),
  "KubernetesService.ingressNamespace": (from) =>
    new kubernetes.KubernetesService("w", { ...serviceArgs, ingressNamespace: from }),
  "KubernetesService.monitoringNamespace": (from) =>
    new kubernetes.KubernetesService("w", { ...serviceArgs, monitoringNamespace: from }),
  "KubernetesService.serviceAccount": (from) =>
    new kubernetes.KubernetesService("w", { ...serviceArgs, serviceAccount: from }),
  "KubernetesValkey.image": (from) =>
    new kubernetes.KubernetesValkey("c", { network: namespace, memoryMb: 64, image: from }),
  "VercelService.ref": (from) =>
    new vercel.VercelService("web", {
      project: { projectId: pulumi.output("prj"), projectName: pulumi.output("shop") },
      environment: {},
      domain: "shop.example.com",
      ref: from,
    }),
};

describe("arguments that come from another resource", () => {
  for (const [argument, use] of Object.entries(taken)) {
    it(argument, async () => {
      const plan = await record(() => void use(new RandomPet("source").id), {
        config: { "aws:region": "eu-central-1" },
      });
      const source = plan.resources.find(({ name }) => name === "source")!;
      const users = plan.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(`${source.urn}#id`));
      assert.ok(users.length > 0, "nothing carries the output");
      // No text of an output that was put into a string too early.
      assert.ok(!JSON.stringify(plan.resources.map(({ inputs }) => inputs)).includes("Calling [to"));
    });
  }

  it("a password in an address is refused, early where it is known, and late where it is not", async () => {
    const password = { store: "kubernetes", secret: "d", key: "password" } as const;
    const address = "postgres://app:hunter2@db.example.com/app";
    const late = pulumi.output(address);
    for (const url of [address, late]) {
      await assert.rejects(
        record(() => new kubernetes.ExternalPostgres("d", { url, password }).url),
        (error: Error) => error.message.includes("the address holds a password") && !error.message.includes("hunter2"),
      );
    }
  });
});
