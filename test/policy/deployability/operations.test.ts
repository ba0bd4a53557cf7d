import { findRule } from "../../../policy/index";
import { type Cases, given, partly, secret, specify, unknown, urnOf } from "../spec";

const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const composite = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const topic = "aws:sns/topic:Topic";
const key = "aws:kms/key:Key";
const role = "aws:iam/role:Role";
const record = "aws:route53/record:Record";
const healthCheck = "aws:route53/healthCheck:HealthCheck";
const subscription = "aws:sns/topicSubscription:TopicSubscription";

const more = (id: string, cases: Partial<Cases>) => specify(findRule(id)!, cases);

const querying = (...ids: string[]) =>
  given(alarm, { metricQueries: ids.map((id, index) => ({ id, returnData: index === 0, metric: { period: 60 } })) });
const queries = (count: number) => querying(...Array.from({ length: count }, (_, index) => `q${index}`));
more("alarm-span", {
  passes: {
    "no periods": given(alarm, { period: 86_400 }),
    "the longest of the queries": given(alarm, {
      metricQueries: [{ metric: { period: 60 } }, { metric: { period: 3600 } }],
      evaluationPeriods: 168,
    }),
  },
  fails: {
    "more than a week of hours": [given(alarm, { period: 3600, evaluationPeriods: 169 }), "evaluationPeriods"],
    "more than a day below an hour": [given(alarm, { period: 3599, evaluationPeriods: 25 }), "evaluationPeriods"],
  },
});
more("alarm-datapoints", { passes: { "all of them": given(alarm, { evaluationPeriods: 3 }) } });
more("alarm-queries", {
  passes: { "three queries": querying("a", "b", "c"), "ten queries": queries(10), "an id": querying("aB_1") },
  fails: {
    "eleven queries": [queries(11), "metricQueries"],
    "an id twice": [querying("a", "a"), "metricQueries"],
    "none that counts": [given(alarm, { metricQueries: [{ id: "a" }] }), "metricQueries"],
    "an id with a digit before": [querying("1a"), "metricQueries[0].id"],
    "an id with a hyphen": [querying("a-b"), "metricQueries[0].id"],
    "an id of 256 characters": [querying("a".repeat(256)), "metricQueries[0].id"],
  },
});

const ofAlarms = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(a${index})`).join(" OR ");
more("composite-alarm-rule", {
  passes: {
    "100 alarms": given(composite, { alarmRule: ofAlarms(100) }),
    "one alarm 101 times": given(composite, { alarmRule: Array(101).fill("ALARM(a)").join(" OR ") }),
    "500 elements": given(composite, { alarmRule: Array(500).fill("TRUE").join(" OR ") }),
  },
});
const [here, there] = [{ region: "eu-central-1" }, { region: "us-east-1" }];
const named = (name: string, properties: Record<string, unknown>) => given(alarm, properties, { name });
const over = (properties: object) =>
  given(composite, {
    alarmRule: partly('ALARM("{0}") OR ALARM("{1}")', `${urnOf(alarm, "a")}#name`, `${urnOf(alarm, "b")}#name`),
    ...properties,
  });
const suppressed = { actionsSuppressor: { alarm: unknown(`${urnOf(alarm, "quiet")}#arn`) } };
more("composite-alarm-region", {
  passes: {
    "a suppressor here, and another alarm elsewhere": [
      over({ ...here, ...suppressed }),
      named("a", here),
      named("b", here),
      named("quiet", here),
      named("other", there),
    ],
    "a suppressor of which one region is the provider's": [
      over({ ...suppressed }),
      named("a", {}),
      named("b", {}),
      named("quiet", there),
    ],
    "a region that is not known, of one without others": over({ region: unknown() }),
  },
  fails: { "the second child elsewhere": [[over(here), named("a", here), named("b", there)], "alarmRule"] },
});

const heard = named("alarm", { alarmActions: [unknown(`${urnOf(topic, "alerts")}#arn`)], metricName: "a" });
const referring = given(heard.type, heard.facts.properties, {
  name: "alarm",
  references: { alarmActions: [urnOf(topic, "alerts")] },
});
const alerts = (kmsMasterKeyId: unknown) => given(topic, { kmsMasterKeyId }, { name: "alerts" });
const idOf = (type: string, name: string) => unknown(`${urnOf(type, name)}#id`);
const open = (type: string, ...statements: (readonly [effect: string, services: string | string[]])[]) =>
  given(
    type,
    {
      policy: JSON.stringify({
        Statement: statements.map(([Effect, Service]) => ({
          Effect,
          Principal: { Service },
          Action: "kms:*",
          Resource: "*",
        })),
      }),
    },
    { name: "key" },
  );
const replicaKey = "aws:kms/replicaKey:ReplicaKey";
more("sns-alarm-key", {
  passes: {
    "AWS's own key, and no alarm": [alerts("alias/aws/sns"), named("alarm", { metricName: "a" })],
    "a key of elsewhere": [alerts("alias/own"), referring],
    "a key without a policy of its own": [alerts(idOf(key, "key")), referring, given(key, {}, { name: "key" })],
    "the second statement, the second service": [
      alerts(idOf(key, "key")),
      referring,
      open(key, ["Allow", "logs.amazonaws.com"], ["Allow", ["events.amazonaws.com", "cloudwatch.amazonaws.com"]]),
    ],
  },
  fails: {
    "a replica of a key": [
      [alerts(idOf(replicaKey, "key")), referring, open(replicaKey, ["Allow", "logs.amazonaws.com"])],
      "kmsMasterKeyId",
    ],
    "a key that is closed to CloudWatch": [
      [alerts(idOf(key, "key")), referring, open(key, ["Deny", "cloudwatch.amazonaws.com"])],
      "kmsMasterKeyId",
    ],
  },
});

const [lambda, queue] = ["arn:aws:lambda:eu-central-1:1:function:a", "arn:aws:sqs:eu-central-1:1:a"];
more("sns-endpoint", {
  passes: {
    "an address that is not known": given(subscription, { protocol: "https", endpoint: unknown() }),
    "a secret one": given(subscription, { protocol: "https", endpoint: secret }),
    "a telephone": given(subscription, { protocol: "sms", endpoint: "+49301234" }),
    http: given(subscription, { protocol: "http", endpoint: "http://a.example" }),
    "a function": given(subscription, { protocol: "lambda", endpoint: lambda }),
    "a queue": given(subscription, { protocol: "sqs", endpoint: queue }),
  },
  fails: {
    "a queue as function": [given(subscription, { protocol: "lambda", endpoint: queue }), "endpoint"],
    "a function as queue": [given(subscription, { protocol: "sqs", endpoint: lambda }), "endpoint"],
  },
});
more("scaling-capacity", {
  passes: {
    "the least alone": given("aws:appautoscaling/target:Target", { minCapacity: 3 }),
    "the greatest alone": given("aws:appautoscaling/target:Target", { maxCapacity: 0 }),
  },
});
more("iam-policy-size", {
  passes: {
    "no policy": given(role, {}),
    "6,144 characters of a managed one": given("aws:iam/policy:Policy", { policy: "a".repeat(6144) }),
    "2,048 of a trust policy": given(role, { assumeRolePolicy: "a".repeat(2048) }),
  },
  fails: { "one more of a managed one": [given("aws:iam/policy:Policy", { policy: "a".repeat(6145) }), "policy"] },
});
more("made-name-length", {
  passes: { "a prefix": given(role, { namePrefix: "a" }, { name: "a".repeat(57) }) },
  fails: {
    "33 of a replication group": [
      given("aws:elasticache/replicationGroup:ReplicationGroup", { name: "a" }, { name: "a".repeat(33) }),
      "",
    ],
  },
});
more("health-check-shape", {
  passes: {
    "an address for a text": given(healthCheck, { type: "HTTP_STR_MATCH", ipAddress: "192.0.2.1", searchString: "a" }),
    "an alarm": given(healthCheck, { type: "CLOUDWATCH_METRIC" }),
  },
  fails: Object.fromEntries(
    ["HTTP", "TCP"].map((type) => [`${type} of nothing`, [given(healthCheck, { type }), "fqdn"]]),
  ),
});
more("route53-record-shape", {
  fails: {
    "an alias with a ttl": [given(record, { type: "A", aliases: [{}], ttl: 60 }), "aliases"],
    "no values": [given(record, { ttl: 60 }), "records"],
  },
});
const lifecycle = (...rules: object[]) =>
  given("aws:ecr/lifecyclePolicy:LifecyclePolicy", { policy: JSON.stringify({ rules }) });
more("ecr-lifecycle-rules", {
  passes: {
    "one kept": lifecycle({ rulePriority: 1, selection: { countNumber: 1 } }),
    "any last, though written first": lifecycle(
      { rulePriority: 2, selection: { tagStatus: "any" } },
      { rulePriority: 1, selection: { tagStatus: "untagged" } },
    ),
  },
});
more("acm-name-count", { passes: { one: given("aws:acm/certificate:Certificate", {}) } });
