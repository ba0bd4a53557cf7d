import { covers, identityPolicies, statements } from "../../../rules/aws/iam-document";
import type { Resource } from "../../../resource";
import type { Stack } from "../../../stack";
import type { Value } from "../../../value";
import { refusal } from "../../refusal";

const api = "https://docs.aws.amazon.com/AmazonECS/latest";
const service = ["aws:ecs/service:Service"];
const taskDefinition = ["aws:ecs/taskDefinition:TaskDefinition"];

/** vCPU units to the GB that go with them: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size */
const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: everyGb(1, 4),
  1024: everyGb(2, 8),
  2048: everyGb(4, 16),
  4096: everyGb(8, 30),
  8192: everyGb(16, 60, 4),
  16384: everyGb(32, 120, 8),
};

const size = refusal({
  id: "fargate-size",
  title: "CPU and memory of a task are a pair that Fargate offers",
  appliesTo: taskDefinition,
  source: `${api}/developerguide/fargate-tasks-services.html#fargate-tasks-size`,
  why: "RegisterTaskDefinition answers `No Fargate configuration exists for given values`.",
  fix: "Choose a pair from the table.",
  judge: ({ root }, { fail }) => {
    if (
      !root
        .get("requiresCompatibilities")
        .items()
        .some((one) => one.is("FARGATE"))
    )
      return;
    const cpu = root.get("cpu").number();
    const memory = root.get("memory").number();
    const offered = fargateMemoryMb[cpu ?? 0];
    if (offered === undefined) return fail(root.get("cpu"), "is not a size that Fargate offers");
    if (!offered.includes(memory ?? 0)) fail(root.get("memory"), "does not go with this CPU on Fargate");
  },
});

const containers = refusal({
  id: "ecs-container-timings",
  title: "Stop, start and health-check times of containers are in range",
  appliesTo: taskDefinition,
  source: `${api}/APIReference/API_HealthCheck.html`,
  why: "RegisterTaskDefinition answers ClientException.",
  fix: "stopTimeout and startTimeout: at most 120 s. Health check: interval 5 to 300 s, timeout 2 to 60 s, retries 1 to 10, startPeriod 0 to 300 s.",
  judge: ({ root }, { each, fail }) =>
    each(root.get("containerDefinitions").json().items(), (container) => {
      const ranges: readonly (readonly [Value, number, number])[] = [
        [container.get("stopTimeout"), 0, 120],
        [container.get("startTimeout"), 0, 120],
        [container.get("healthCheck", "interval"), 5, 300],
        [container.get("healthCheck", "timeout"), 2, 60],
        [container.get("healthCheck", "retries"), 1, 10],
        [container.get("healthCheck", "startPeriod"), 0, 300],
      ];
      for (const [value, min, max] of ranges) {
        const number = value.number();
        if (number !== undefined && (number < min || number > max)) fail(value, `is outside of ${min} to ${max}`);
      }
    }),
});

const order = refusal({
  id: "ecs-container-order",
  title: "Containers wait for containers of the same task, and for what these can reach",
  appliesTo: taskDefinition,
  source: `${api}/APIReference/API_ContainerDependency.html`,
  why: "RegisterTaskDefinition refuses an unknown name, HEALTHY without a health check, and SUCCESS or COMPLETE of an essential container.",
  fix: "Name a container of this task; give it a health check, or make it not essential.",
  judge: ({ root }, { each, fail }) => {
    const all = root.get("containerDefinitions").json().items();
    each(all, (container) => {
      for (const dependency of container.get("dependsOn").items()) {
        const other = all.find((one) => one.get("name").sameAs(dependency.get("containerName")));
        const condition = dependency.get("condition");
        if (other === undefined) fail(dependency, "names a container that is not in the task");
        else if (condition.is("HEALTHY") && other.get("healthCheck").absent)
          fail(condition, "waits for a container without a health check");
        else if (condition.is("SUCCESS", "COMPLETE") && other.get("essential").isNot(false))
          fail(condition, "waits for the end of an essential container");
      }
    });
  },
});

const longest = 64 * 1024;

const length = refusal({
  id: "ecs-task-definition-size",
  title: "A task definition has at most 64 KiB",
  appliesTo: taskDefinition,
  source: `${api}/developerguide/service-quotas.html`,
  why: "RegisterTaskDefinition refuses what is larger. Variables are most of it.",
  fix: "Fewer or shorter variables: a file in S3 by environmentFiles, or a secret that holds them.",
  judge: ({ root }, { fail }) => {
    const definitions = root.get("containerDefinitions");
    const bytes = definitions.text()?.knownBytes ?? 0;
    if (bytes > longest) fail(definitions, `has ${bytes} bytes or more`);
  },
});

const strategy = refusal({
  id: "ecs-strategy",
  title: "The configuration of a deployment belongs to its strategy",
  appliesTo: service,
  source: `${api}/APIReference/API_DeploymentConfiguration.html`,
  why: "CreateService and UpdateService answer InvalidParameterException.",
  fix: "linearConfiguration with LINEAR, canaryConfiguration with CANARY, the circuit breaker with ROLLING alone.",
  judge: ({ root }, { fail }) => {
    const deployment = root.get("deploymentConfiguration");
    const name = deployment.get("strategy").string() ?? "ROLLING";
    const breaker = root.get("deploymentCircuitBreaker");
    const misplaced: readonly (readonly [Value, boolean])[] = [
      [deployment.get("linearConfiguration"), name !== "LINEAR"],
      [deployment.get("canaryConfiguration"), name !== "CANARY"],
      [breaker, name !== "ROLLING" && breaker.get("enable").is(true)],
    ];
    for (const [value, wrong] of misplaced)
      if (value.present && wrong) fail(value, `does not go with strategy ${name}`);
  },
});

const alternate = refusal({
  id: "ecs-alternate-target-group",
  title: "Traffic that is shifted has two target groups, a rule and a role",
  appliesTo: service,
  source: `${api}/APIReference/API_AdvancedConfiguration.html`,
  why: "A blue-green, linear or canary deployment cannot begin without them.",
  fix: "Set advancedConfiguration: alternateTargetGroupArn, productionListenerRule and roleArn.",
  judge: ({ root }, { each, fail }) => {
    if (root.get("deploymentConfiguration", "strategy").isNot("BLUE_GREEN", "LINEAR", "CANARY")) return;
    each(root.get("loadBalancers").items(), (balancer) => {
      const advanced = balancer.get("advancedConfiguration");
      for (const key of ["alternateTargetGroupArn", "productionListenerRule", "roleArn"]) {
        if (advanced.get(key).absent) fail(balancer, `has no advancedConfiguration.${key}`);
      }
    });
  },
});

const room = refusal({
  id: "ecs-deployment-room",
  title: "A rolling deployment can stop an old task or start a new one",
  appliesTo: service,
  source: `${api}/developerguide/service-configure-deployment.html`,
  why: "With at least and at most 100 percent ECS can do neither: the deployment never ends. Rebalancing of zones needs more than 100 as well.",
  fix: "deploymentMaximumPercent 200, or deploymentMinimumHealthyPercent below 100.",
  judge: ({ root }, { fail }) => {
    const most = root.get("deploymentMaximumPercent");
    if (most.absent || (most.number() ?? 200) > 100) return;
    const least = root.get("deploymentMinimumHealthyPercent");
    if (least.absent || (least.number() ?? 100) >= 100) fail(most, "leaves no room for a deployment");
    if (root.get("availabilityZoneRebalancing").is("ENABLED")) fail(most, "does not go with rebalancing of zones");
  },
});

const wait = refusal({
  id: "ecs-release-wait",
  title: "The wait for a release is longer than the release",
  appliesTo: service,
  source: `${api}/developerguide/deployment-type-linear.html`,
  why: "The provider gives up after 20 minutes by default; the release goes on unwatched, and an interrupted one is rolled back although it is healthy.",
  fix: "Set customTimeouts of the service to more than steps, bake and drain take together.",
  judge: ({ root, facts }, { fail }) => {
    if (root.get("waitForSteadyState").isNot(true)) return;
    const minutes = releaseMinutes(root.get("deploymentConfiguration"));
    for (const operation of ["create", "update"] as const) {
      const seconds = facts.timeouts?.[operation] ?? 20 * 60;
      // Without a first release there is nothing to shift: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
      if (operation === "update" && minutes * 60 >= seconds) {
        fail(
          root.get("deploymentConfiguration"),
          `takes ${minutes} minutes, and the wait ends after ${Math.round(seconds / 60)}`,
        );
      }
    }
  },
});

/** Minutes that traffic takes to shift, and the bake after it. */
function releaseMinutes(deployment: Value): number {
  const linear = deployment.get("linearConfiguration");
  const canary = deployment.get("canaryConfiguration");
  const percent = linear.get("stepPercent").number();
  const steps = percent === undefined || percent <= 0 ? 0 : Math.ceil(100 / percent) - 1;
  return (
    steps * (linear.get("stepBakeTimeInMinutes").number() ?? 6) +
    (canary.present ? (canary.get("canaryBakeTimeInMinutes").number() ?? 10) : 0) +
    (deployment.get("bakeTimeInMinutes").number() ?? 0)
  );
}

/** Also of a registry that answers over IPv6 or by FIPS modules: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html */
const registry =
  /^\d{12}\.dkr(\.ecr|-ecr)(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com|com\.cn|eu)|on\.(aws|amazonwebservices\.com\.cn))\//;

const pull = refusal({
  id: "ecs-image-pull",
  title: "The execution role may pull the image",
  appliesTo: taskDefinition,
  scope: "stack",
  source: `${api}/developerguide/task_execution_IAM_role.html`,
  why: "Every task stops with CannotPullContainerError, and the release never becomes steady.",
  fix: "Allow ecr:GetAuthorizationToken, and ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository. For another registry give a secret with its credentials.",
  judge: (task, { stack, each, fail }) =>
    each(task.get("containerDefinitions").json().items(), (container) => {
      const image = container.get("image");
      if (!isEcr(image)) return;
      const role = roleOf(stack, task, "executionRoleArn");
      if (role !== undefined && !allows(stack, role, "ecr:BatchGetImage"))
        fail(image, "is in ECR, and the execution role may not pull from there");
    }),
});

/** By its name, or because a repository of the stack is what it is made of. */
function isEcr(image: Value): boolean {
  if (image.sources.some((source) => source.includes("aws:ecr/repository:Repository"))) return true;
  return !image.isUnknown && registry.test(image.string() ?? "");
}

const secrets = refusal({
  id: "ecs-secret-readable",
  title: "The execution role may read every secret that a container is given",
  appliesTo: taskDefinition,
  scope: "stack",
  source: `${api}/developerguide/secrets-envvar-secrets-manager.html`,
  why: "Every task stops with ResourceInitializationError, and the release never becomes steady.",
  fix: "Allow secretsmanager:GetSecretValue on the secret, and kms:Decrypt on its key where it has one of its own.",
  judge: (task, { stack, each, fail }) =>
    each(task.get("containerDefinitions").json().items(), (container) => {
      for (const secret of container.get("secrets").items()) {
        const role = roleOf(stack, task, "executionRoleArn");
        if (role !== undefined && !allows(stack, role, "secretsmanager:GetSecretValue"))
          fail(secret, "cannot be read by the execution role");
      }
    }),
});

function roleOf(stack: Stack, task: Resource, property: string): Resource | undefined {
  return stack.ofType("aws:iam/role:Role").find((role) => stack.names(task, property, role));
}

/** Whether some statement of the role's own policies, or a managed one that is attached, allows the action on anything. */
function allows(stack: Stack, role: Resource, action: string): boolean {
  const attached = stack.referring(role, "role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment").certain;
  if (attached.length > 0) return true;
  const holders = [role, ...stack.referring(role, "role", "aws:iam/rolePolicy:RolePolicy").certain];
  return holders
    .flatMap((holder) => identityPolicies(holder))
    .flatMap((policy) => statements(policy))
    .some(
      (statement) => statement.allows && statement.list("Action").some((one) => covers(one.string() ?? "", action)),
    );
}

function everyGb(from: number, to: number, step = 1): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}

export const ecsRules = [size, containers, order, strategy, alternate, room, wait, pull, secrets, length];
