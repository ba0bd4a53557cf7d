/**
 * The parts of the Pulumi SDK that the preview builds on and that its index does not export. They are what the SDK's own
 * test mocks and Automation API use; the parity test against the engine is what holds them.
 */
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as stack from "@pulumi/pulumi/runtime/stack";
import * as state from "@pulumi/pulumi/runtime/state";

export { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
export { rpc, settings, stack };

interface Store {
  settings: { engine?: unknown };
  pendingResourceRegistrations: Map<unknown, { label: string; phase: string }>;
}

const internals = state as unknown as {
  withLocalStorage<T>(callback: () => Promise<T>): Promise<T>;
  getStore(): Store;
};

export const { withLocalStorage, getStore } = internals;
