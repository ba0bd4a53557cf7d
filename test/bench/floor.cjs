// What no preview can be faster than: the SDK alone registers as many resources of the same classes, with its own mocks and
// an empty text for each input. `node floor.cjs PLAN.json`: of the plan only types and names are used. Plain JavaScript,
// so that it pays for no compiler.
"use strict";
require("node:module").enableCompileCache?.();
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

const { resources } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const packages = new Set(["aws", "kubernetes", "docker", "docker-build", "random", "tls"]);
const empty = new Proxy({}, { get: () => "" });

/** `aws:ec2/vpc:Vpc`, `kubernetes:apps/v1:Deployment`, `docker:index/container:Container`: the class in its SDK. */
function classOf(type) {
  const [name, path, member] = type.split(":");
  const sdk = require(`@pulumi/${name}`);
  const [module, version] = path.split("/");
  return sdk[module]?.[member] ?? sdk[module]?.[version]?.[member] ?? sdk[member];
}

function register({ type, name }) {
  if (type === "pulumi:pulumi:Stack") return;
  if (type.startsWith("pulumi:providers:")) new pulumi.ProviderResource(type.split(":")[2], name, {});
  else if (!packages.has(type.split(":")[0])) new pulumi.ComponentResource(type, name);
  else {
    const resource = classOf(type);
    // Definitions of others, such as cert-manager's: no SDK has a class for them.
    if (resource === undefined) new pulumi.CustomResource(type, name, {});
    else new resource(name, empty);
  }
}

const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };
pulumi.runtime
  .setMocks(mocks, "floor", "floor", true)
  .then(() => pulumi.runtime.runInPulumiStack(async () => resources.forEach(register)));
