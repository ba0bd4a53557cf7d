import rule from "../../../../../policy/rules/docker/build/docker-no-arg-secrets";
import { given, secret, specify, unknown } from "../../../spec";

const image = (buildArgs: unknown) => given("docker-build:index:Image", { buildArgs });

specify(rule, {
  passes: {
    "a version": image({ NODE_VERSION: "24.1.0" }),
    "a secret as it should be": given("docker-build:index:Image", { secrets: { NPM_TOKEN: secret } }),
  },
  fails: {
    "a token": [image({ NPM_TOKEN: "npm_abc" }), "buildArgs.NPM_TOKEN"],
    "one that is marked secret": [image({ REGISTRY: secret }), "buildArgs.REGISTRY"],
    "arguments that are marked secret": [image(secret), "buildArgs"],
    "the older type": [
      given("docker:index/image:Image", { build: { args: { API_TOKEN: "abc" } } }),
      "build.args.API_TOKEN",
    ],
    "an image that the host builds": [
      given("docker:index/remoteImage:RemoteImage", { build: { buildArg: { DB_PASSWORD: "x" } } }),
      "build.buildArg.DB_PASSWORD",
    ],
  },
  open: { "arguments that are not known": [image(unknown()), "buildArgs"] },
});
