import { equal, match, notEqual } from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import { cacheNamespace } from "../../../components/shared/cache-namespace";
import type { Environment } from "../../../components/shared/environment";

describe("CACHE_NAMESPACE", () => {
  const named = (environment: Environment, name = "app") =>
    new Promise<string>((resolve) => cacheNamespace(name, environment).apply(resolve));
  const environment: Environment = {
    AUTH_URL: "https://shop.example.com",
    GREETING: output("hello"),
    LOG_LEVEL: "info",
  };

  it("names project, stack and service, then the variables that a page may show", async () => {
    match(await named(environment), /^[\w.-]+-[\w.-]+-app\/[0-9a-f]{12}$/);
    equal(
      await named(environment),
      await named({ LOG_LEVEL: "info", GREETING: "hello", AUTH_URL: "https://shop.example.com" }),
    );
  });

  for (const [what, other] of Object.entries<[Environment, string?]>({
    "another value": [{ ...environment, GREETING: "good day" }],
    "another variable": [{ ...environment, BANNER: "" }],
    "a variable less": [{ AUTH_URL: "https://shop.example.com", LOG_LEVEL: "info" }],
    "another service": [environment, "admin"],
  }))
    it(`is another with ${what}`, async () => notEqual(await named(...other), await named(environment)));

  it("stays with another release, port, log level or secret", async () => {
    const more: Environment = {
      ...environment,
      RELEASE: "2",
      PORT: "4000",
      LOG_LEVEL: "debug",
      SHUTDOWN_DELAY_SECONDS: "9",
      AUTH_SECRET: { store: "kubernetes", secret: "s", key: "k" },
    };
    equal(await named(more), await named(environment));
  });
});
