import { strict as assert } from "node:assert";
import { AwsCertificate } from "../../../components/certificate/aws-certificate";
import { all, only, record } from "../../record";
import { orphans, output } from "../aws-fixtures";

const certificate = (args: { edge?: boolean; region?: string } = {}) =>
  record(() => {
    const names = ["shop.example.com", "origin.shop.example.com"];
    const made = new AwsCertificate("certificate", {
      region: "eu-central-1",
      edge: true,
      hostedZoneId: "Z1",
      names,
      ...args,
    });
    return { arn: made.arn, edgeArn: made.edgeArn };
  });

describe("AwsCertificate", () => {
  it("covers the names, and is validated by one record each for both regions", async () => {
    const plan = await certificate();
    for (const { inputs } of all(plan, "aws:acm/certificate:Certificate")) {
      assert.equal(inputs["domainName"], "shop.example.com");
      assert.deepEqual(inputs["subjectAlternativeNames"], ["origin.shop.example.com"]);
      assert.equal(inputs["validationMethod"], "DNS");
    }
    assert.equal(all(plan, "aws:route53/record:Record").length, 2);
    const regions = all(plan, "aws:acm/certificate:Certificate").map(({ inputs }) => inputs["region"]);
    assert.deepEqual(regions, ["eu-central-1", "us-east-1"]);
  });

  it("is handed on only when it is issued", async () => {
    const plan = await certificate();
    const issued = only(plan, "aws:acm/certificateValidation:CertificateValidation", "certificate-edge");
    const requested = only(plan, "aws:acm/certificate:Certificate", "certificate-edge");
    assert.deepEqual(issued.inputs["certificateArn"], output(requested, "arn"));
    assert.equal((issued.inputs["validationRecordFqdns"] as unknown[]).length, 2);
  });

  it("is one for everything in us-east-1, and without an edge", async () => {
    const virginia = await certificate({ region: "us-east-1" });
    assert.equal(all(virginia, "aws:acm/certificate:Certificate").length, 1);
    assert.deepEqual(virginia.outputs["edgeArn"], virginia.outputs["arn"]);
    const alone = await certificate({ edge: false });
    assert.equal(all(alone, "aws:acm/certificate:Certificate").length, 1);
    assert.ok(!("edgeArn" in alone.outputs));
    assert.deepEqual(orphans(alone), []);
  });
});
