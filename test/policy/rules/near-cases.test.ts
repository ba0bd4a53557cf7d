import { findRule } from "../../../policy/index";
import { type Cases, given, partly, specify, unknown, urnOf } from "../spec";
import { around, one } from "./kubernetes/workloads";

/** Beside each rule's own cases: the other words for the same, the last value that passes, another resource that has a say. */
const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);

const group = "aws:ec2/securityGroup:SecurityGroup";
const open = (properties: object) =>
  given(group, { ingress: [{ fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"], ...properties }] });
more("sg-open", {
  passes: Object.fromEntries(["icmp", "icmpv6", "1", "58"].map((protocol) => [protocol, open({ protocol })])),
  fails: {
    "no protocol that is ICMP": [open({ protocol: "17" }), "ingress[0].cidrBlocks[0]"],
    "all ports by the other word": [open({ protocol: "all", fromPort: 443, toPort: 443 }), "ingress[0].cidrBlocks[0]"],
  },
});
const entry = (properties: object) =>
  given("aws:ec2/networkAcl:NetworkAcl", {
    ingress: [
      {
        ruleNo: 100,
        action: "allow",
        protocol: "tcp",
        fromPort: 22,
        toPort: 22,
        cidrBlock: "0.0.0.0/0",
        ...properties,
      },
    ],
  });
more("nacl-open", {
  passes: {
    "a network that ends so": entry({ cidrBlock: "10.0.0.0/0" }),
    "a network that begins so": entry({ cidrBlock: "0.0.0.0/01" }),
    UDP: entry({ protocol: "17" }),
    "ports below": entry({ fromPort: 1, toPort: 21 }),
    "ports between": entry({ fromPort: 23, toPort: 3388 }),
    "ports above": entry({ fromPort: 3390, toPort: 65535 }),
  },
  fails: Object.fromEntries([
    ...["-1", "all", "6", -1, 6].map((protocol) => [
      `protocol ${protocol}`,
      [entry({ protocol }), "ingress[0].cidrBlock"],
    ]),
    ["spaces around", [entry({ cidrBlock: " 0.0.0.0/0 " }), "ingress[0].cidrBlock"]],
  ]),
});
const route = (properties: Record<string, unknown>) =>
  given("aws:apigatewayv2/route:Route", { routeKey: "GET /", ...properties });
more("apigateway-authorized", {
  passes: Object.fromEntries(["AWS_IAM", "CUSTOM", "JWT"].map((kind) => [kind, route({ authorizationType: kind })])),
});
const logs = (properties: Record<string, unknown>) => given("aws:cloudwatch/logGroup:LogGroup", properties);
more("logs-retention", {
  passes: {
    "logs that only pass through": logs({ logGroupClass: "DELIVERY" }),
    "7 days": logs({ retentionInDays: 7 }),
  },
  fails: {
    "5 days": [logs({ retentionInDays: 5 }), "retentionInDays"],
    "without an end": [logs({ retentionInDays: 0 }), "retentionInDays"],
    "another class": [logs({ logGroupClass: "STANDARD" }), "retentionInDays"],
  },
});
const service = (properties: Record<string, unknown>) => given("aws:ecs/service:Service", properties);
more("ecs-rollback", {
  passes: {
    "one on each host": service({ schedulingStrategy: "DAEMON" }),
    "somebody else's deployments": service({ deploymentController: { type: "EXTERNAL" } }),
  },
  fails: { replicas: [service({ schedulingStrategy: "REPLICA" }), "deploymentCircuitBreaker"] },
});
more("ecs-no-public-ip", {
  fails: {
    "as EventBridge writes it": [
      given("aws:cloudwatch/eventTarget:EventTarget", {
        ecsTarget: { networkConfiguration: { assignPublicIp: "ENABLED" } },
      }),
      "ecsTarget.networkConfiguration.assignPublicIp",
    ],
  },
});
const cluster = (vpcConfig: object, version = "1.40") => given("aws:eks/cluster:Cluster", { vpcConfig, version });
more("eks-private", {
  passes: { "some addresses": cluster({ publicAccessCidrs: ["192.0.2.0/24"] }) },
  fails: {
    "every address of IPv6": [
      cluster({ publicAccessCidrs: ["192.0.2.0/24", "::/0"] }),
      "vpcConfig.publicAccessCidrs[1]",
    ],
  },
});
const permission = (properties: Record<string, unknown>) =>
  given("aws:lambda/permission:Permission", { principal: "*", ...properties });
more("lambda-public", {
  passes: Object.fromEntries(
    ["sourceArn", "sourceAccount", "principalOrgId"].map((limit) => [
      `everybody of one ${limit}`,
      permission({ [limit]: "x" }),
    ]),
  ),
});
const key = (properties: Record<string, unknown>) => given("aws:kms/key:Key", properties);
more("kms-rotate", {
  passes: {
    "a key of another kind": key({ customerMasterKeySpec: "RSA_2048" }),
    ...Object.fromEntries(
      ["SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"].map((keyUsage) => [keyUsage, key({ keyUsage })]),
    ),
  },
  fails: {
    "the usual kind": [key({ customerMasterKeySpec: "SYMMETRIC_DEFAULT" }), "enableKeyRotation"],
    "the usual use": [key({ keyUsage: "ENCRYPT_DECRYPT" }), "enableKeyRotation"],
  },
});
const classic = (lbProtocol: string) => given("aws:elb/loadBalancer:LoadBalancer", { listeners: [{ lbProtocol }] });
more("elb-tls", {
  passes: { ssl: classic("ssl"), HTTPS: classic("HTTPS") },
  fails: {
    "a protocol that ends so": [classic("xssl"), "listeners[0].lbProtocol"],
    "a protocol that begins so": [classic("https2"), "listeners[0].lbProtocol"],
  },
});
const bucket = given("aws:s3/bucket:Bucket", {}, { name: "files" });
const policy = (...Action: string[]) =>
  given("aws:s3/bucketPolicy:BucketPolicy", {
    bucket: unknown(`${urnOf("aws:s3/bucket:Bucket", "files")}#id`),
    policy: JSON.stringify({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action,
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  });
more("s3-tls", {
  passes: {
    "everything among others": [bucket, policy("s3:GetObject", "s3:*")],
    "everything of all": [bucket, policy("*")],
  },
  fails: { "reading alone": [[bucket, policy("s3:GetObject")], "policy"] },
});

const container = (properties: Record<string, unknown>) => given("docker:index/container:Container", properties);
more("docker-host-ns", {
  fails: Object.fromEntries(
    ["networkMode", "pidMode", "ipcMode", "usernsMode"].map((mode) => [mode, [container({ [mode]: "host" }), mode]]),
  ),
});
more("docker-network", {
  passes: { "another's network": container({ networkMode: "container:web" }) },
  fails: Object.fromEntries(
    ["bridge", "default"].map((networkMode) => [networkMode, [container({ networkMode }), "networksAdvanced"]]),
  ),
});
more("docker-restart", {
  passes: {
    "one that runs once": container({ mustRun: false }),
    "one that is removed": container({ rm: true }),
    ...Object.fromEntries(
      ["always", "unless-stopped", "on-failure"].map((restart) => [restart, container({ restart })]),
    ),
  },
  fails: { never: [container({ restart: "no", rm: false }), "restart"] },
});

const metadata = { name: "shop", namespace: "production" };
const exposed = (spec: object, annotations?: object) =>
  given("kubernetes:core/v1:Service", {
    metadata: { ...metadata, ...(annotations !== undefined && { annotations }) },
    spec: { type: "LoadBalancer", ports: [{ port: 5432 }], ...spec },
  });
const internal = "service.beta.kubernetes.io/aws-load-balancer-internal";
more("k8s-service-exposed", {
  passes: {
    "some addresses": exposed({ loadBalancerSourceRanges: ["10.0.0.0/8"] }),
    "within the network": exposed({}, { [internal]: "true" }),
    "within the cluster": exposed({ type: "ClusterIP" }),
  },
  fails: {
    "every address among some": [
      exposed({ loadBalancerSourceRanges: ["10.0.0.0/8", "0.0.0.0/0"] }),
      "spec.ports[0].port",
    ],
    "every address of IPv6": [exposed({ loadBalancerSourceRanges: ["::/0"] }), "spec.ports[0].port"],
    "said not to be within the network": [exposed({}, { [internal]: "false" }), "spec.ports[0].port"],
    "on every node": [exposed({ type: "NodePort" }), "spec.ports[0].port"],
  },
});
more("k8s-service-plain-http", {
  passes: {
    "a certificate's port": exposed({ ports: [{ port: 8443, name: "web" }] }),
    "a name that says so": exposed({ ports: [{ port: 80, name: "https-web" }] }),
    "a protocol that says so": exposed({ ports: [{ port: 80, appProtocol: "https" }] }),
  },
  fails: {
    ...Object.fromEntries(
      ["http", "kubernetes.io/h2c", "kubernetes.io/ws"].map((appProtocol) => [
        appProtocol,
        [exposed({ ports: [{ port: 9, appProtocol }] }), "spec.ports[0]"],
      ]),
    ),
    "a name": [exposed({ ports: [{ port: 9, name: "web" }] }), "spec.ports[0]"],
  },
});
const secure = (securityContext: object) => around.pod(one({ securityContext }));
more("k8s-drop-all", {
  passes: {
    "all in capitals": secure({ capabilities: { drop: ["NET_RAW", "ALL"] } }),
    all: secure({ capabilities: { drop: ["all"] } }),
  },
  fails: {
    some: [secure({ capabilities: { drop: ["NET_RAW"] } }), "spec.containers[0].securityContext.capabilities.drop"],
  },
});
more("k8s-privileged", {
  passes: { "a process of its own": secure({ windowsOptions: { hostProcess: false } }) },
  fails: {
    "a process of its host": [
      secure({ windowsOptions: { hostProcess: true } }),
      "spec.containers[0].securityContext.windowsOptions.hostProcess",
    ],
  },
});
const asking = (resources: object) => around.deployment(one({ resources }));
const at = (path: string) => `spec.template.spec.containers[0].resources.${path}`;
more("k8s-resources", {
  passes: {
    "limits alone": asking({ limits: { cpu: "1", memory: "1Gi" } }),
    "a share of a processor": asking({ limits: { memory: "1Gi" }, requests: { cpu: "100m" } }),
  },
  fails: {
    "no share of a processor": [asking({ limits: { memory: "1Gi" } }), at("requests.cpu")],
    "no memory": [asking({ limits: { cpu: "1" } }), at("requests.memory")],
    "no limit of memory": [asking({ limits: { cpu: "1" }, requests: { memory: "1Gi" } }), at("limits.memory")],
  },
});
const postgres = (...pg_hba: unknown[]) =>
  given("kubernetes:postgresql.cnpg.io/v1:Cluster", { metadata, spec: { postgresql: { pg_hba } } });
more("cnpg-access", {
  passes: {
    "by TLS": postgres("hostssl all all all scram-sha-256"),
    "nobody without TLS": postgres("hostnossl all all all reject"),
  },
  fails: {
    "a password in the clear": [postgres("hostssl all all all password"), "spec.postgresql.pg_hba[0]"],
    trust: [postgres("local all all trust"), "spec.postgresql.pg_hba[0]"],
    "with TLS or without": [postgres("host all all all scram-sha-256"), "spec.postgresql.pg_hba[0]"],
    "without TLS": [postgres("hostnossl all all all scram-sha-256"), "spec.postgresql.pg_hba[0]"],
  },
  open: { "one that is not known": [postgres(partly("host {0}", "x#y")), "spec.postgresql.pg_hba[0]"] },
});
