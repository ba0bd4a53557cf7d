import type { Input } from "@pulumi/pulumi";
import type { SecretRef } from "../secrets/contract";

/** The variables of a container. A secret is a reference; the container service decides how it arrives. */
export type Environment = Readonly<Record<string, Input<string> | SecretRef>>;
