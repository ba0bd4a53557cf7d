import type { ResourceTransform } from "@pulumi/pulumi";
import { CallbackInvokeRequest, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { getStore } from "./sdk";

/** What the SDK answers the engine's callbacks with. */
export interface CallbackServer {
  registerTransform(transform: ResourceTransform): Promise<unknown>;
  invoke(
    call: { readonly request: CallbackInvokeRequest },
    reply: (error: { readonly details?: string } | null, response?: CallbackInvokeResponse) => void,
  ): Promise<void>;
}

/**
 * Functions of a program that change resources as they are registered, applied as the engine does: those of the resource
 * itself, then of its ancestors, then of the stack.
 */
export class Transforms {
  private readonly ofStack: string[] = [];
  private readonly ofResource = new Map<string, readonly string[]>();
  private readonly parents = new Map<string, string>();
  private server: CallbackServer | undefined;
  /** As a transform of the program threw it, with its place in it: the SDK wraps its text alone. */
  thrown: readonly unknown[] = [];

  /** To be called before the program runs. */
  listen(): void {
    Object.defineProperty(getStore(), "callbacks", {
      configurable: true,
      enumerable: true,
      get: () => this.server,
      set: (server: CallbackServer | undefined) => (this.server = server && this.noticing(server)),
    });
  }

  addToStack(token: string): void {
    this.ofStack.push(token);
  }

  /** Changes the request itself. @throws Error in the words of what a transform of the program threw. */
  async apply(request: resource.RegisterResourceRequest, urn: string): Promise<void> {
    const own = request.getTransformsList().map((callback) => callback.getToken());
    if (own.length > 0) this.ofResource.set(urn, own);
    this.parents.set(urn, request.getParent());
    for (const token of this.of(urn)) await this.transform(request, token);
  }

  /** Without waiting: most programs have none. */
  concern(request: resource.RegisterResourceRequest): boolean {
    return this.ofStack.length > 0 || this.ofResource.size > 0 || request.getTransformsList().length > 0;
  }

  private *of(urn: string): Iterable<string> {
    for (let at: string | undefined = urn; at !== undefined && at !== ""; at = this.parents.get(at))
      yield* this.ofResource.get(at) ?? [];
    yield* this.ofStack;
  }

  private noticing(server: CallbackServer): CallbackServer {
    const register = server.registerTransform.bind(server);
    server.registerTransform = (transform) =>
      register(async (args) => {
        try {
          return await transform(args);
        } catch (error) {
          this.thrown = [...this.thrown, error];
          throw error;
        }
      });
    return server;
  }

  private async transform(request: resource.RegisterResourceRequest, token: string): Promise<void> {
    const question = new resource.TransformRequest();
    question.setType(request.getType());
    question.setName(request.getName());
    question.setCustom(request.getCustom());
    question.setParent(request.getParent());
    question.setProperties(request.getObject());
    question.setOptions(optionsOf(request));
    const call = new CallbackInvokeRequest();
    call.setToken(token);
    call.setRequest(question.serializeBinary());
    const answer = await new Promise<Uint8Array>((resolve, reject) => {
      void this.server?.invoke({ request: call }, (error, response) => {
        if (error === null && response) resolve(response.getResponse_asU8());
        else reject(new Error(error?.details));
      });
    });
    const changed = resource.TransformResponse.deserializeBinary(answer);
    request.setObject(changed.getProperties());
    const options = changed.getOptions();
    if (options) setOptions(request, options);
  }
}

function optionsOf(request: resource.RegisterResourceRequest): resource.TransformResourceOptions {
  const options = new resource.TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  options.setProtect(request.getProtect() ?? false);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  options.setRetainOnDelete(request.getRetainondelete() ?? false);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setReplacementTrigger(request.getReplacementTrigger());
  return options;
}

function setOptions(request: resource.RegisterResourceRequest, options: resource.TransformResourceOptions): void {
  request.setDependenciesList(options.getDependsOnList());
  request.setProtect(options.getProtect() ?? false);
  request.setIgnorechangesList(options.getIgnoreChangesList());
  request.setReplaceonchangesList(options.getReplaceOnChangesList());
  request.setVersion(options.getVersion());
  request.setAliasesList(options.getAliasesList());
  request.setProvider(options.getProvider());
  request.setCustomtimeouts(options.getCustomTimeouts());
  request.setPlugindownloadurl(options.getPluginDownloadUrl());
  request.setRetainondelete(options.getRetainOnDelete() ?? false);
  request.setDeletedwith(options.getDeletedWith());
  request.setDeletebeforereplacedefined(options.getDeleteBeforeReplace() === true);
  request.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
  request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
  request.setImportid(options.getImport());
  request.setReplaceWithList(options.getReplaceWithList());
  request.setReplacementTrigger(options.getReplacementTrigger());
}
