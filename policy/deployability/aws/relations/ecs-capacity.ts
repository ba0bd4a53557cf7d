import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import { refusal } from "../../refusal";
import { usableAddresses } from "./addresses";

const api = "https://docs.aws.amazon.com/AmazonECS/latest";
const service = "aws:ecs/service:Service";
const associations = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";

const exclusive = refusal({
  id: "ecs-capacity-exclusive",
  title: "A service has a launch type or capacity providers",
  appliesTo: [service],
  source: `${api}/APIReference/API_CreateService.html#ECS-CreateService-request-launchType`,
  why: "CreateService answers `specifying both a launch type and capacity provider strategy is not supported`.",
  fix: "Remove launchType, or capacityProviderStrategies.",
  judge: ({ root }, { fail }) => {
    if (root.get("launchType").present && root.get("capacityProviderStrategies").items().length > 0)
      fail(root.get("launchType"), "does not go with capacityProviderStrategies");
  },
});

const strategy = refusal({
  id: "ecs-capacity-strategy",
  title: "One capacity provider has a base, one has a weight, and Fargate's are among themselves",
  appliesTo: [service],
  source: `${api}/APIReference/API_CapacityProviderStrategyItem.html`,
  why: "CreateService and UpdateService answer InvalidParameterException.",
  fix: "base on one at most, 0 to 100,000; weights of 0 to 1,000 and one above 0; 20 providers at most; Fargate's with no other kind.",
  judge: ({ root }, { fail }) => {
    const list = root.get("capacityProviderStrategies");
    const items = list.items();
    if (items.length === 0) return;
    if (items.length > 20) fail(list, "has more than 20 members");
    const numbers = (key: string) => items.map((item) => item.get(key).number() ?? 0);
    if (numbers("base").filter((base) => base > 0).length > 1) fail(list, "has a base more than once");
    if (numbers("base").some((base) => base < 0 || base > 100_000)) fail(list, "has a base outside of 0 to 100000");
    if (numbers("weight").some((weight) => weight < 0 || weight > 1000))
      fail(list, "has a weight outside of 0 to 1000");
    if (numbers("weight").every((weight) => weight === 0)) fail(list, "has no weight above 0");
    const fargate = items.filter((item) => item.get("capacityProvider").is(...fargateProviders)).length;
    if (fargate > 0 && fargate < items.length) fail(list, "mixes Fargate with other capacity providers");
  },
});

const fargateProviders = ["FARGATE", "FARGATE_SPOT"];

const associated = refusal({
  id: "ecs-capacity-associated",
  title: "A service's capacity providers are its cluster's",
  appliesTo: [service],
  scope: "stack",
  source: `${api}/APIReference/API_PutClusterCapacityProviders.html`,
  why: "CreateService answers `The specified capacity provider was not found` where the cluster is not associated with it, Fargate's own among them.",
  fix: "Add aws.ecs.ClusterCapacityProviders with every provider that a service of the cluster names.",
  judge: (one, { stack, each, fail }) => {
    const items = one.get("capacityProviderStrategies").items();
    const cluster = stack.ofType("aws:ecs/cluster:Cluster").find((found) => stack.names(one, "cluster", found));
    if (items.length === 0 || cluster === undefined) return;
    const offered = stack
      .attached(cluster, "clusterName", associations)
      .flatMap((found) => found.get("capacityProviders").items());
    each(items, (item) => {
      const provider = item.get("capacityProvider");
      if (!offered.some((other) => other.sameAs(provider))) fail(provider, "is not associated with the cluster");
    });
  },
});

const room = refusal({
  id: "ecs-subnet-room",
  title: "The subnets of a service have an address for every task of a release",
  appliesTo: [service],
  scope: "stack",
  source: `${api}/developerguide/fargate-task-networking.html`,
  why: "Each task takes an address. Where there is none, tasks stop with `RESOURCE:ENI` or InsufficientFreeAddressesInSubnet, and a release at full load never becomes steady.",
  fix: "A larger block for the VPC, or fewer replicas at most.",
  judge: (one, { stack, fail }) => {
    const subnets = one.get("networkConfiguration", "subnets");
    const free = usableAddresses(stack, subnets);
    if (free === undefined) return;
    const tasks = mostTasks(stack, one);
    const percent = one.get("deploymentMaximumPercent").number() ?? 200;
    // Until the switch both releases are there whole, whatever the percentage says.
    const sideBySide = one.get("deploymentConfiguration", "strategy").is("BLUE_GREEN", "LINEAR", "CANARY");
    const during = sideBySide ? 2 * tasks : Math.floor((tasks * percent) / 100);
    if (during > free)
      fail(
        subnets,
        `have ${free} addresses, and ${during} tasks run while a release of ${tasks} replicas is under way`,
      );
  },
});

function mostTasks(stack: Stack, one: Resource): number {
  const target = stack
    .ofType("aws:appautoscaling/target:Target")
    .find((found) => found.references["resourceId"]?.includes(one.urn));
  return Math.max(one.get("desiredCount").number() ?? 1, target?.get("maxCapacity").number() ?? 0);
}

export const ecsCapacityRules = [exclusive, strategy, associated, room];
