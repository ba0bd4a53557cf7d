import { strict as assert } from "node:assert";
import { AwsWebAcl, type AwsWebAclArgs } from "../../../components/firewall/aws-web-acl";
import { all, only, record } from "../../record";
import { orphans } from "../aws-fixtures";

const acl = (args: Partial<AwsWebAclArgs>) =>
  record(() => void new AwsWebAcl("waf", { scope: "CLOUDFRONT", logRetentionDays: 90, ...args }));

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly statement: { managedRuleGroupStatement?: { ruleActionOverrides?: object[] }; rateBasedStatement?: object };
}

describe("AwsWebAcl", () => {
  it("lets uploads through that AWS's rules would refuse, and counts them", async () => {
    const rules = only(await acl({}), "aws:wafv2/webAcl:WebAcl").inputs["rules"] as unknown as Rule[];
    assert.deepEqual(
      rules.map(({ name, priority }) => [name, priority]),
      [
        ["AWSManagedRulesAmazonIpReputationList", 0],
        ["AWSManagedRulesCommonRuleSet", 1],
        ["AWSManagedRulesKnownBadInputsRuleSet", 2],
        ["rate", 3],
      ],
    );
    assert.deepEqual(rules[1]?.statement.managedRuleGroupStatement?.ruleActionOverrides, [
      { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
    ]);
    assert.ok(!("ruleActionOverrides" in rules[0]!.statement.managedRuleGroupStatement!));
    assert.deepEqual(rules[3]?.statement.rateBasedStatement, { aggregateKeyType: "IP", limit: 2000 });
  });

  it("lives in us-east-1 for CloudFront, with its log", async () => {
    const plan = await acl({});
    for (const type of [
      "wafv2/webAcl:WebAcl",
      "cloudwatch/logGroup:LogGroup",
      "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    ]) {
      assert.equal(only(plan, `aws:${type}`).inputs["region"], "us-east-1", type);
    }
    assert.equal(only(plan, "aws:cloudwatch/logGroup:LogGroup").inputs["namePrefix"], "aws-waf-logs-");
    assert.deepEqual(all(plan, "aws:wafv2/webAclAssociation:WebAclAssociation"), []);
  });

  it("logs neither cookies nor authorization", async () => {
    const log = only(await acl({}), "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    assert.deepEqual(log.inputs["redactedFields"], [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ]);
  });

  it("stands before a load balancer in its own region", async () => {
    const plan = await acl({ scope: "REGIONAL", protects: "arn:alb" });
    assert.ok(!("region" in only(plan, "aws:wafv2/webAcl:WebAcl").inputs));
    assert.equal(only(plan, "aws:wafv2/webAclAssociation:WebAclAssociation").inputs["resourceArn"], "arn:alb");
    assert.deepEqual(orphans(plan), []);
  });

  it("refuses what cannot be: something protected by CloudFront's, or nothing by a regional one", async () => {
    await assert.rejects(acl({ protects: "arn:alb" }), /scope CLOUDFRONT and protects/);
    await assert.rejects(acl({ scope: "REGIONAL" }), /scope REGIONAL and protects/);
  });
});
