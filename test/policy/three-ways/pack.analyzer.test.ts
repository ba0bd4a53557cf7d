import { deepEqual, ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { promisify } from "node:util";

import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { answersInProcess, answersOf, packSettings, type Violation } from "./answers";
import { fill, referencesOf, scenario, type ScenarioResource, urnOf } from "./scenario";

const root = join(__dirname, "../../..");
const pack = join(root, "policy");

/** How the engine writes an unknown string on the wire. */
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("the pack through the SDK's analyzer protocol", function () {
  this.timeout(60_000);
  let server: ChildProcess;
  let client: AnalyzerClient;

  before(async () => {
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    server = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
      cwd: pack,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), "line")) as [string];
    client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await configure();
  });

  after(() => {
    client?.close();
    server?.kill();
  });

  it("gives the answers of the in-process evaluation", async () => {
    const answers = answersOf([...(await analyzeEach()), ...(await analyzeStack())]);
    deepEqual(answers, answersInProcess());
    ok(!JSON.stringify(answers).includes("hunter2"));
  });

  it("repairs at level remediate", async () => {
    await configure({ "ecr-scan": "remediate" });
    const request = requestFor({ type: "aws:ecr/repository:Repository", name: "shop", inputs: { name: "shop" } });
    const response = await call<proto.AnalyzeRequest, proto.RemediateResponse>("remediate", request);
    const [repair] = response.getRemediationsList();
    deepEqual(repair?.getProperties()?.toJavaScript(), {
      name: "shop",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  it("repairs also what it otherwise judges across the stack", async () => {
    await configure({ "k8s-sa-token": "remediate" });
    const template = { metadata: {}, spec: { containers: [{ name: "web", image: "shop:1.4.2" }] } };
    const inputs = { spec: { template } };
    const request = requestFor({ type: "kubernetes:apps/v1:Deployment", name: "web", inputs });
    const response = await call<proto.AnalyzeRequest, proto.RemediateResponse>("remediate", request);
    const [repair] = response.getRemediationsList();
    deepEqual(repair?.getProperties()?.toJavaScript(), {
      spec: { template: { ...template, spec: { ...template.spec, automountServiceAccountToken: false } } },
    });
  });

  async function configure(levels: Record<string, keyof typeof wireLevels> = {}): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [rule, { enforcementLevel, ...properties }] of Object.entries(packSettings)) {
      const entry = new proto.PolicyConfig();
      entry.setEnforcementlevel(wireLevels[levels[rule] ?? enforcementLevel]);
      entry.setProperties(Struct.fromJavaScript(properties as never));
      request.getPolicyconfigMap().set(rule, entry);
    }
    await call("configure", request);
  }

  async function analyzeEach(): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const resource of scenario) {
      const response = await call<proto.AnalyzeRequest, proto.AnalyzeResponse>("analyze", requestFor(resource));
      found.push(...response.getDiagnosticsList().map(toViolation));
    }
    return found;
  }

  async function analyzeStack(): Promise<Violation[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(scenario.map(stackResource));
    const response = await call<proto.AnalyzeStackRequest, proto.AnalyzeResponse>("analyzeStack", request);
    return response.getDiagnosticsList().map(toViolation);
  }

  function call<Request, Response>(method: string, request: Request): Promise<Response> {
    const methods = client as unknown as Record<
      string,
      (request: Request, done: (error: Error | null, response: Response) => void) => void
    >;
    return promisify((methods[method] as (typeof methods)[string]).bind(client))(request);
  }
});

const wireLevels = { advisory: 0, mandatory: 1, disabled: 2, remediate: 3 } as const;

function toViolation(diagnostic: proto.AnalyzeDiagnostic): Violation {
  return {
    rule: diagnostic.getPolicyname(),
    urn: diagnostic.getUrn(),
    level: Number(diagnostic.getEnforcementlevel()) === Number(wireLevels.advisory) ? "advisory" : "mandatory",
    message: diagnostic.getMessage(),
  };
}

function requestFor(resource: ScenarioResource): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType(resource.type);
  request.setName(resource.name);
  request.setUrn(urnOf(resource));
  request.setProperties(properties(resource));
  request.setOptions(new proto.AnalyzerResourceOptions());
  return request;
}

function stackResource(resource: ScenarioResource): proto.AnalyzerResource {
  const message = new proto.AnalyzerResource();
  message.setType(resource.type);
  message.setName(resource.name);
  message.setUrn(urnOf(resource));
  message.setProperties(properties(resource));
  message.setOptions(new proto.AnalyzerResourceOptions());
  for (const [name, urns] of Object.entries(referencesOf(resource))) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    message.getPropertydependenciesMap().set(name, dependencies);
  }
  return message;
}

function properties({ inputs }: ScenarioResource): Struct {
  return Struct.fromJavaScript(fill(inputs, () => unknownString) as never);
}
