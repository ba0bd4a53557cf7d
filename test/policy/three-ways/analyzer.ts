import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { promisify } from "node:util";

import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { PackConfiguration } from "../../../policy/index";
import type { Violation } from "./answers";

const root = join(__dirname, "../../..");
const pack = join(root, "policy");

/** How the engine writes an unknown string on the wire. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const wireLevels = { advisory: 0, mandatory: 1, disabled: 2, remediate: 3 } as const;

/** A resource as the engine sends it to a pack. */
export interface WireResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly references?: Readonly<Record<string, readonly string[]>>;
  readonly parent?: string;
  readonly protect?: boolean;
}

/** The pack in the SDK's own server, asked as the engine asks it. */
export class Analyzer {
  private constructor(
    private readonly server: ChildProcess,
    private readonly client: AnalyzerClient,
  ) {}

  static async start(): Promise<Analyzer> {
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const server = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
      cwd: pack,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    return new Analyzer(server, new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()));
  }

  stop(): void {
    this.client.close();
    this.server.kill();
  }

  async configure(settings: PackConfiguration, levels: Record<string, keyof typeof wireLevels> = {}): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [rule, { enforcementLevel, ...properties }] of Object.entries(settings)) {
      const entry = new proto.PolicyConfig();
      entry.setEnforcementlevel(wireLevels[levels[rule] ?? enforcementLevel]);
      entry.setProperties(Struct.fromJavaScript(properties as never));
      request.getPolicyconfigMap().set(rule, entry);
    }
    await this.call("configure", request);
  }

  /** Each resource by itself, then all together. */
  async violations(resources: readonly WireResource[]): Promise<Violation[]> {
    const found: proto.AnalyzeDiagnostic[] = [];
    for (const resource of resources) {
      const response = await this.call<proto.AnalyzeRequest, proto.AnalyzeResponse>("analyze", alone(resource));
      found.push(...response.getDiagnosticsList());
    }
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(resources.map(inStack));
    const response = await this.call<proto.AnalyzeStackRequest, proto.AnalyzeResponse>("analyzeStack", request);
    return [...found, ...response.getDiagnosticsList()].map(toViolation);
  }

  /** The properties that the resource has after the pack's repairs; undefined when there are none. */
  async repaired(resource: WireResource): Promise<unknown> {
    const response = await this.call<proto.AnalyzeRequest, proto.RemediateResponse>("remediate", alone(resource));
    return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  private call<Request, Response>(method: string, request: Request): Promise<Response> {
    const methods = this.client as unknown as Record<
      string,
      (request: Request, done: (error: Error | null, response: Response) => void) => void
    >;
    return promisify((methods[method] as (typeof methods)[string]).bind(this.client))(request);
  }
}

function toViolation(diagnostic: proto.AnalyzeDiagnostic): Violation {
  return {
    rule: diagnostic.getPolicyname(),
    urn: diagnostic.getUrn(),
    level: Number(diagnostic.getEnforcementlevel()) === Number(wireLevels.advisory) ? "advisory" : "mandatory",
    message: diagnostic.getMessage(),
  };
}

function alone(resource: WireResource): proto.AnalyzeRequest {
  return fill(new proto.AnalyzeRequest(), resource);
}

function inStack(resource: WireResource): proto.AnalyzerResource {
  const message = fill(new proto.AnalyzerResource(), resource);
  message.setParent(resource.parent ?? "");
  for (const [name, urns] of Object.entries(resource.references ?? {})) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(name, dependencies);
  }
  return message;
}

function fill<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  { urn, type, name, properties, parent, protect }: WireResource,
): Message {
  message.setUrn(urn);
  message.setType(type);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(properties as never));
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(protect ?? false);
  options.setParent(parent ?? "");
  message.setOptions(options);
  return message;
}
