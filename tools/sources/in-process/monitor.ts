import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import type * as alias from "@pulumi/pulumi/proto/alias_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { RunError } from "@pulumi/pulumi";
import { isUnknown, type PlanResource, type PlanValue, type ResourceOptions } from "../../plan/plan";
import type { Answers } from "./invokes";
import { outputsOf } from "./outputs";
import { placeOf } from "./place";
import { MockMonitor, rpc, settings } from "./sdk";
import { Transforms } from "./transforms";
import { Unknowns } from "./unknowns";

type Reply<Message> = (error: Error | null, reply?: Message) => void;

interface Surroundings {
  readonly config: Readonly<Record<string, string>>;
  readonly answer: Answers;
  readonly projectDir: string;
  readonly onResource?: (count: number) => void;
  /** Called with what the preview made up, each once. */
  readonly say: (message: string) => void;
}

/** Registers resources as the engine would, creates nothing, and remembers them. */
export class RecordingMonitor extends MockMonitor {
  readonly recorded: Map<string, PlanResource> = new Map();
  readonly stackOutputs: Record<string, PlanValue> = {};
  /** Grows with every message: a program that hangs is one for which it does not. */
  activity = 0;
  /** Whether the program registered transforms of invokes, which only the engine applies. */
  transformsInvokes = false;
  readonly transforms = new Transforms();
  /** What the engine would refuse, in its words: the SDK wraps them, and adds a stack trace. */
  refusal: RunError | undefined;
  private readonly unknowns = new Unknowns();

  private readonly withoutDefault: readonly string[];
  private readonly onResource: (count: number) => void;

  constructor(private readonly surroundings: Surroundings) {
    super({
      newResource: () => ({ id: undefined, state: {} }),
      call: () => ({}),
    });
    this.withoutDefault = withoutDefaultProvider(surroundings.config["pulumi:disable-default-providers"]);
    this.onResource = surroundings.onResource ?? (() => undefined);
  }

  override async registerResource(
    request: resource.RegisterResourceRequest,
    reply: Reply<resource.RegisterResourceResponse>,
  ): Promise<void> {
    this.activity += 1;
    const urn = urnOf(request);
    if (this.transforms.concern(request)) {
      try {
        await this.transforms.apply(request, urn);
      } catch (error) {
        reply(error as Error);
        return;
      }
    }
    if (this.recorded.has(urn)) {
      reply(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`));
      return;
    }
    const [provider = ""] = request.getType().split(":");
    const barred = this.withoutDefault.some((name) => name === "*" || name === provider);
    if (barred && provider !== "pulumi" && request.getCustom() && request.getProvider() === "") {
      this.refusal ??= new RunError(
        `Default provider for '${provider}' disabled. '${urn}' must use an explicit provider, as pulumi:disable-default-providers of the stack file says.`,
      );
      reply(this.refusal);
      return;
    }
    const inputs = request.getObject()?.toJavaScript() ?? {};
    const outputs = request.getCustom()
      ? outputsOf(request.getType(), inputs, request.getAdditionalsecretoutputsList(), (property) =>
          this.unknowns.token(urn, property),
        )
      : inputs;
    const place = placeOf(request, this.surroundings.projectDir);
    const plain = (value: Record<string, unknown>) => this.unknowns.toPlan(value) as Record<string, PlanValue>;
    this.recorded.set(urn, {
      urn,
      type: request.getType(),
      name: request.getName(),
      custom: request.getCustom(),
      ...(request.getRemote() && { remote: true as const }),
      parent: request.getParent() || undefined,
      inputs: plain(inputs),
      outputs: plain(outputs),
      dependencies: request.getDependenciesList(),
      propertyDependencies: Object.fromEntries(
        request
          .getPropertydependenciesMap()
          .toArray()
          .map(([property, list]): [string, string[]] => [property, listOf(list)]),
      ),
      options: { ...optionsOf(request), ...triggerOf(request, (value) => this.unknowns.toPlan(value)) },
      operation: "create",
      ...(place && { place }),
    });
    if (request.getRemote())
      this.surroundings.say(
        `${request.getName()} (${request.getType()}) is a component that its package makes: what is in it is not known, judged or priced here. The engine's preview tells: slipway diff --engine.`,
      );
    this.onResource(this.recorded.size);

    const response = new resource.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(request.getCustom() ? this.unknowns.token(urn, "id") : "");
    response.setObject(Struct.fromJavaScript(outputs as never));
    reply(null, response);
  }

  override registerResourceOutputs(request: resource.RegisterResourceOutputsRequest, reply: Reply<object>): void {
    this.activity += 1;
    const outputs = this.unknowns.toPlan(request.getOutputs()?.toJavaScript() ?? {}) as Record<string, PlanValue>;
    const known = this.recorded.get(request.getUrn());
    if (known === undefined) {
      reply(new Error(`unknown resource ${request.getUrn()}`));
      return;
    }
    this.recorded.set(known.urn, { ...known, outputs: { ...known.outputs, ...outputs } });
    if (known.type === "pulumi:pulumi:Stack") Object.assign(this.stackOutputs, outputs);
    reply(null, {});
  }

  override async readResource(
    request: resource.ReadResourceRequest,
    reply: Reply<resource.ReadResourceResponse>,
  ): Promise<void> {
    this.activity += 1;
    const urn = urnOf(request);
    const response = new resource.ReadResourceResponse();
    response.setUrn(urn);
    if (request.getType() === "pulumi:pulumi:StackReference") {
      // Of any type: as with the engine, what is made from it is unknown as a whole.
      response.setProperties(Struct.fromJavaScript({ name: request.getId(), outputs: rpc.unknownValue }));
      this.surroundings.say(
        `The outputs of the stack ${request.getId()} are not known here: what is made of them is not either.`,
      );
    } else {
      const inputs = request.getProperties()?.toJavaScript() ?? {};
      const known = outputsOf(request.getType(), inputs, [], (property) => this.unknowns.token(urn, property));
      response.setProperties(Struct.fromJavaScript({ ...known, id: request.getId() }));
      // One that the program makes itself is not read before it is there.
      if (!isUnknown(this.unknowns.toPlan(request.getId())))
        this.surroundings.say(
          `${request.getName()} (${request.getType()}) exists already: what it is like is not known here.`,
        );
    }
    reply(null, response);
  }

  override async invoke(
    request: resource.ResourceInvokeRequest,
    reply: Reply<resource.ResourceInvokeResponse>,
  ): Promise<void> {
    this.activity += 1;
    try {
      const args = request.getArgs()?.toJavaScript() ?? {};
      if (request.getTok() === "pulumi:pulumi:getResource") {
        const urn = typeof args["urn"] === "string" ? args["urn"] : "";
        const response = new resource.ResourceInvokeResponse();
        response.setReturn(Struct.fromJavaScript({ urn, id: this.unknowns.token(urn, "id"), state: {} }));
        reply(null, response);
        return;
      }
      const { result, madeUp } = this.surroundings.answer(request.getTok(), args, (property) =>
        this.unknowns.token(request.getTok(), property),
      );
      if (madeUp) this.surroundings.say(`${request.getTok()} was answered by a stand-in: only the provider knows.`);
      const response = new resource.ResourceInvokeResponse();
      response.setReturn(Struct.fromJavaScript(result as never));
      reply(null, response);
    } catch (error) {
      // The SDK shows gRPC's `details`, and this is not gRPC.
      reply(Object.assign(error as Error, { details: (error as Error).message }));
    }
  }

  /** Nothing is left to delete: the preview ends when the program does. */
  signalAndWaitForShutdown(_: unknown, reply: Reply<object>): void {
    reply(null, {});
  }

  override registerStackTransform(callback: Callback, reply: Reply<object>): void {
    this.transforms.addToStack(callback.getToken());
    reply(null, {});
  }

  override registerStackInvokeTransform(_: unknown, reply: Reply<object>): void {
    this.transformsInvokes = true;
    reply(null, {});
  }
}

/** Packages of `pulumi:disable-default-providers`, a list of names or `*`. */
function withoutDefaultProvider(list = ""): string[] {
  if (list === "") return [];
  try {
    const names: unknown = JSON.parse(list);
    if (Array.isArray(names) && names.every((name) => typeof name === "string"))
      return names.map((name) => name.trim());
  } catch {
    // Not JSON: said below.
  }
  throw new RunError(`pulumi:disable-default-providers: ${list}: expected a list of names, such as ["aws"] or ["*"]`);
}

/** `urn:pulumi:stack::project::parentType$type::name` */
function urnOf(request: { getParent(): string; getType(): string; getName(): string }): string {
  const parentType = request.getParent().split("::")[2];
  // The stack is the parent of everything and in no type.
  const nested = parentType !== undefined && parentType !== "pulumi:pulumi:Stack";
  const type = nested ? `${parentType}$${request.getType()}` : request.getType();
  return `urn:pulumi:${settings.getStack()}::${settings.getProject()}::${type}::${request.getName()}`;
}

/** Providers name some of their former types twice. */
function aliasesOf(request: resource.RegisterResourceRequest): string[] {
  const urns = request.getAliasesList().map((former) => former.getUrn() || formerUrn(request, former.getSpec()!));
  return [...new Set(urns)];
}

/** The URN that an alias stands for: what it does not name is as the resource has it now. */
function formerUrn(request: resource.RegisterResourceRequest, spec: alias.Alias.Spec): string {
  const [now, project = ""] = urnOf(request).split("::");
  const stack = spec.getStack() === "" ? now! : `urn:pulumi:${spec.getStack()}`;
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
  const former = {
    getParent: () => parent,
    getType: () => spec.getType() || request.getType(),
    getName: () => spec.getName() || request.getName(),
  };
  return [stack, spec.getProject() || project, ...urnOf(former).split("::").slice(2)].join("::");
}

function listOf(dependencies: unknown): string[] {
  // `toArray` hands over wire arrays, `[[urn, …]]`, not message objects.
  return Array.isArray(dependencies)
    ? ((dependencies[0] as string[] | undefined) ?? [])
    : (dependencies as { getUrnsList(): string[] }).getUrnsList();
}

function optionsOf(request: resource.RegisterResourceRequest): ResourceOptions {
  const timeouts = request.getCustomtimeouts();
  const options: ResourceOptions = {
    protect: request.getProtect() || undefined,
    retainOnDelete: request.getRetainondelete() || undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: filled(request.getIgnorechangesList()),
    replaceOnChanges: filled(request.getReplaceonchangesList()),
    aliases: filled(aliasesOf(request)),
    deletedWith: request.getDeletedwith() || undefined,
    replaceWith: filled(request.getReplaceWithList()),
    importId: request.getImportid() || undefined,
    provider: request.getProvider() || undefined,
    version: request.getVersion() || undefined,
    customTimeouts:
      timeouts === undefined || !(timeouts.getCreate() || timeouts.getUpdate() || timeouts.getDelete())
        ? undefined
        : present({
            create: seconds(timeouts.getCreate()),
            update: seconds(timeouts.getUpdate()),
            delete: seconds(timeouts.getDelete()),
          }),
  };
  return present(options);
}

function triggerOf(
  request: resource.RegisterResourceRequest,
  plain: (value: unknown) => PlanValue,
): Pick<ResourceOptions, "replacementTrigger"> {
  const value = request.getReplacementTrigger()?.toJavaScript() as unknown;
  return value === undefined || value === null ? {} : { replacementTrigger: plain(value) };
}

function present<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Value;
}

function filled(list: string[]): string[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Go's durations: `1h30m`, `90s`. */
function seconds(duration: string): number | undefined {
  if (duration === "") return undefined;
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  );
}
