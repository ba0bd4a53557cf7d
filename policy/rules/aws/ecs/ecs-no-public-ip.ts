import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "ecs-no-public-ip",
  title: "ECS tasks have no public address",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.service, "aws:cloudwatch/eventTarget:EventTarget", "aws:scheduler/schedule:Schedule"],
  references: ["FSBP ECS.2", "CKV_AWS_333"],
  why: "A task with a public address can be reached around the load balancer, its TLS, its WAF and its logs.",
  fix: "Set `networkConfiguration.assignPublicIp` to false and give the subnets a NAT gateway or endpoints.",
  judge(resource, { each, fail }) {
    const holders = [
      resource.root,
      ...resource.get("ecsTarget").items(),
      ...resource.get("target", "ecsParameters").items(),
    ];
    each(holders, (holder) => {
      for (const network of holder.get("networkConfiguration").items()) {
        const assigned = network.get("assignPublicIp");
        if (assigned.is(true, "ENABLED")) fail(assigned, "The tasks get a public address.");
      }
    });
  },
});
