import { deepEqual, match, ok } from "node:assert/strict";
import { isUnknown } from "../../../tools/plan/plan";
import { all, only } from "../../record";
import { stackOf } from "./stack-file";

/** Every text of a value, what is known only after deployment by its template. */
const textsOf = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (isUnknown(value)) return textsOf((value as { template?: string }).template ?? "");
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsOf);
};

describe("service.basePath on AWS", () => {
  const staticPaths = async (more: object) => {
    const plan = await stackOf({ storage: { implementation: "none" }, ...more });
    const named = (type: string) => all(plan, type).flatMap(({ inputs }) => textsOf(inputs));
    const { orderedCacheBehaviors } = only(plan, "aws:cloudfront/distribution:Distribution").inputs as unknown as {
      orderedCacheBehaviors: readonly { pathPattern: string }[];
    };
    const expiring = all(plan, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    return {
      behaviors: orderedCacheBehaviors.map(({ pathPattern }) => pathPattern).filter((path) => path.includes("_next")),
      policies: named("aws:s3/bucketPolicy:BucketPolicy").filter((text) => text.includes("_next")),
      permissions: named("aws:iam/rolePolicy:RolePolicy").filter((text) => text.includes("_next")),
      firewall: named("aws:wafv2/webAcl:WebAcl").filter((text) => text.includes("_next")),
      functions: named("aws:cloudfront/function:Function").filter((text) => text.includes("_next")),
      expiring: expiring.flatMap(({ inputs }) => textsOf(inputs)).filter((text) => text.includes("_next")),
    };
  };

  it("is where CDN, bucket, permissions and firewall look for static files and pictures", async () => {
    const { behaviors, expiring, firewall, functions, permissions, policies } = await staticPaths({
      service: { basePath: "/shop" },
      cdn: { errorPage: "examples/error.html" },
    });
    deepEqual(behaviors.sort(), ["/shop/_next/image*", "/shop/_next/static/*"]);
    deepEqual(firewall, ["/shop/_next/static/"]);
    for (const texts of [policies, permissions, functions]) {
      ok(texts.length > 0);
      for (const text of texts) {
        match(text, /\/shop\/_next\//);
        ok(!/(?<!\/shop)\/_next\//.test(text), text);
      }
    }
    deepEqual(expiring, ["shop/_next/"]);
  });

  it("is none unless it is said", async () => {
    const { behaviors, firewall } = await staticPaths({});
    deepEqual([...behaviors.sort(), ...firewall], ["/_next/image*", "/_next/static/*", "/_next/static/"]);
  });

  it("leaves static files where cdn.assetPath has them", async () => {
    const { behaviors } = await staticPaths({ service: { basePath: "/shop" }, cdn: { assetPath: "/assets/" } });
    deepEqual(behaviors, ["/shop/_next/image*"]);
  });
});
