import { deepEqual, match, throws } from "node:assert/strict";
import { isPrivate, outboundPorts, outsideAddresses } from "../../../stacks/aws-ecs/egress";
import { resolveSettings } from "../../../stacks/settings/load";
import { stackFile } from "./stack-file";

const base = { ...stackFile, image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1" };
const elsewhere = {
  database: { implementation: "external", url: "postgres://app@db.example.com:6543/app" },
  cache: { implementation: "external", url: "rediss://cache.example.com" },
  storage: { implementation: "external", bucket: "shop", endpoint: "https://objects.example.com:9000" },
  secrets: {
    DATABASE_PASSWORD: { reference: "arn:aws:secretsmanager:eu-central-1:1:secret:a" },
    REDIS_PASSWORD: { reference: "arn:aws:secretsmanager:eu-central-1:1:secret:b" },
  },
};
const settings = (file: object, awsRegion = "eu-central-1") =>
  resolveSettings("prod", { ...base, ...file }, { awsRegion });

describe("egress on AWS", () => {
  it("is 443 alone where everything is the stack's own", () => deepEqual(outboundPorts(settings({})), [443]));

  it("opens the ports of every address in the stack file, written or implied", () => {
    deepEqual(outboundPorts(settings(elsewhere)), [443, 6379, 6543, 9000]);
    deepEqual(
      outboundPorts(settings({ service: { environment: { SEARCH_URL: "http://search.example.com", NAME: "a: b" } } })),
      [80, 443],
    );
  });

  it("opens what the stack file lists, each once", () => {
    deepEqual(outboundPorts(settings({ network: { outboundPorts: [587, 443] } })), [443, 587]);
  });

  it("refuses an address outside of the VPC without a NAT gateway, and takes one inside", () => {
    throws(
      () => settings({ ...elsewhere, network: { nat: "none" } }),
      (error: Error) => {
        match(error.message, /database\.url.*db\.example\.com:6543.*expected instance, one or per-zone/);
        match(error.message, /cache\.url/);
        match(error.message, /storage\.endpoint/);
        return true;
      },
    );
    settings({ service: { environment: { SEARCH_URL: "http://10.20.3.4:9200" } }, network: { nat: "none" } });
  });

  it("tells a private address from a public one", () => {
    const urls = [
      "http://10.0.0.1",
      "http://172.16.0.1",
      "http://172.31.0.1",
      "http://192.168.1.1",
      "http://100.64.0.1",
      "http://100.127.255.254",
      "http://db.internal",
    ];
    deepEqual(
      urls.map((url) => isPrivate(new URL(url))),
      urls.map(() => true),
    );
    const outside = [
      "http://172.15.0.1",
      "http://172.32.0.1",
      "http://100.63.0.1",
      "http://100.128.0.1",
      "http://10.example.com",
    ];
    deepEqual(outside.map((url) => isPrivate(new URL(url))).slice(0, 4), [false, false, false, false]);
  });

  it("takes no text for an address", () => {
    const { service } = settings({ service: { environment: { A: "https:// not one", B: "mailto:a@b.example" } } });
    deepEqual(outsideAddresses({ ...settings({}), service }), []);
  });
});

// An image that no partition keeps from another.
const anywhere = { image: stackFile.image };

describe("regions and zones of AWS", () => {
  const refused = (file: object, region: string, pattern: RegExp) =>
    throws(
      () => settings(file, region),
      (error: Error) => (match(error.message, pattern), true),
    );

  it("refuses a region that there is not, with the nearest", () => {
    refused({}, "eu-cental-1", /"eu-cental-1" is not a region of AWS; did you mean eu-central-1\?/);
    // And nothing of what such a region does not offer.
    refused({}, "eu-cental-1", /has 1 problem\./);
  });

  it("refuses more zones than a region has", () => {
    refused({ network: { zones: 3 } }, "us-west-1", /network\.zones +3 us-west-1 offers 2 zones with Fargate/);
    settings({ network: { zones: 2 } }, "us-west-1");
  });

  it("takes zones by id, as many as asked for, and none without Fargate", () => {
    settings({ network: { zones: 2, zoneIds: ["use1-az1", "use1-az2"] } }, "us-east-1");
    refused({ network: { zones: 3, zoneIds: ["use1-az1", "use1-az2"] } }, "us-east-1", /network\.zoneIds/);
    refused({ network: { zones: 2, zoneIds: ["use1-az1", "use1-az1"] } }, "us-east-1", /stands there twice/);
    refused({ network: { zones: 2, zoneIds: ["use1-az1", "euc1-az1"] } }, "us-east-1", /is no zone of us-east-1/);
    settings({ network: { zones: 2, zoneIds: ["apne1-az1", "apne1-az2"] } }, "ap-northeast-1");
    settings(
      { ...anywhere, network: { zones: 2, zoneIds: ["usgw1-az1", "usgw1-az2"] }, cdn: { implementation: "none" } },
      "us-gov-west-1",
    );
    refused({ network: { zones: 2, zoneIds: ["use1-az1", "use1-az3"] } }, "us-east-1", /has no Fargate/);
  });

  it("refuses CloudFront where its certificate cannot be", () => {
    for (const region of ["cn-north-1", "us-gov-west-1"]) {
      refused({ ...anywhere, cdn: { implementation: "cloudfront" }, network: { zones: 2 } }, region, /CloudFront/i);
      settings({ ...anywhere, cdn: { implementation: "none" }, network: { zones: 2 } }, region);
    }
  });
});
