import { equal } from "node:assert/strict";
import { applicationEnvironment } from "../../stacks/application";
import type { Settings } from "../../stacks/settings/settings";

const proxies = (target: Settings["target"], cdn: Settings["cdn"]["implementation"], environment = {}) =>
  applicationEnvironment({
    target,
    domain: "shop.example.com",
    cdn: { implementation: cdn },
    cache: {},
    database: {},
    service: { environment },
  } as Settings)["TRUSTED_PROXIES"];

describe("the proxies that the application believes", () => {
  // CloudFront and the load balancer append to X-Forwarded-For; nginx, Vercel and Ingress leave one entry of their own.
  it("are as many as the stack puts in front of it", () => {
    equal(proxies("aws-ecs", "cloudfront"), "2");
    equal(proxies("aws-ecs", "none"), "1");
    equal(proxies("kubernetes", "none"), "1");
    equal(proxies("docker", "nginx"), "1");
    equal(proxies("docker", "none"), "1");
    equal(proxies("vercel", "vercel"), "1");
  });

  it("are one more where somebody puts a CDN of their own in front", () => {
    equal(proxies("kubernetes", "none", { TRUSTED_PROXIES: "2" }), "2");
  });
});
