import type { z } from "zod";
import type { PolicyConfiguration } from "../../policy/configuration";
import type { build } from "./sections/build";
import type { costs } from "./sections/costs";
import type { cluster, loadBalancer } from "./sections/existing";
import type { guards } from "./sections/guards";
import type { firewall } from "./sections/firewall";
import type { images } from "./sections/images";
import type { jobs, workers } from "./sections/processes";
import type { secrets } from "./sections/secrets";
import type { tls } from "./sections/tls";
import type { sections, stackFile } from "./schema";

export const targets = ["aws-ecs", "kubernetes", "docker", "vercel"] as const;
export type Target = (typeof targets)[number];

export const presetNames = ["production", "staging", "small", "development"] as const;
export type PresetName = (typeof presetNames)[number];

export type Sections = { readonly [Name in keyof typeof sections]: z.infer<(typeof sections)[Name]> };
/** A value for everything that a stack file may leave out. */
export type Preset = Sections;

/** What a person writes. */
export type StackFile = z.infer<typeof stackFile>;
/** What a person wrote and is valid; also where something else in it is not. */
export type StackFileContent = Partial<StackFile>;

type Build = z.infer<typeof build>;

interface Common {
  readonly preset: PresetName;
  readonly domain: string;
  readonly policies?: PolicyConfiguration;
  readonly images: z.infer<typeof images>;
  readonly secrets: z.infer<typeof secrets>;
  readonly costs: z.infer<typeof costs>;
  readonly workers: z.infer<typeof workers>;
  readonly jobs: z.infer<typeof jobs>;
  readonly guards: z.infer<typeof guards>;
}

/** The stack file over its preset, each value valid, and the constraints between them not judged yet. */
export type Unconstrained = Sections &
  Common & {
    readonly target: Target;
    readonly image?: string;
    readonly build?: Build;
    readonly tls: z.infer<typeof tls>;
    readonly firewall: z.infer<typeof firewall>;
    readonly loadBalancer: z.infer<typeof loadBalancer>;
    readonly cluster: z.infer<typeof cluster>;
    readonly shared?: string;
  };

/** A section in which some implementation needs what the others do not have. */
type Choice<Section extends { implementation: string }, Needs extends object> = {
  readonly [Name in Section["implementation"]]: Omit<Section, "implementation"> & {
    readonly implementation: Name;
  } & (Name extends keyof Needs ? Needs[Name] : unknown);
}[Section["implementation"]];

export type Database = Choice<Sections["database"], { external: { readonly url: string } }>;
export type Cache = Choice<Sections["cache"], { external: { readonly url: string } }>;
export type Storage = Choice<Sections["storage"], { external: { readonly bucket: string } }>;

type Stack<Name extends Target> = Common &
  Omit<Sections, "database" | "cache" | "storage" | Elsewhere<Name>> & {
    readonly target: Name;
    readonly database: Database;
    readonly cache: Cache;
    readonly storage: Storage;
    readonly tls: z.infer<typeof tls>;
  };

/** Sections of other targets: what is in them is their presets', and nobody's setting. */
type Elsewhere<Name extends Target> = Exclude<
  "aws" | "kubernetes" | "docker" | "vercel",
  Name extends "aws-ecs" ? "aws" : Name
>;

type FromRegistry = { readonly image: string; readonly build?: undefined };
type FromSource = { readonly image?: undefined; readonly build: Build };

/** Certificates of the stack's own hosted zone, or those that exist. */
type AwsCertificates = { readonly hstsIncludeSubdomains?: boolean; readonly overwriteRecords?: boolean } & (
  | { readonly hostedZoneId: string; readonly certificateArn?: undefined; readonly cdnCertificateArn?: undefined }
  | { readonly hostedZoneId?: undefined; readonly certificateArn: string; readonly cdnCertificateArn?: string }
);

export type AwsEcsSettings = Omit<Stack<"aws-ecs">, "tls"> & {
  readonly tls: AwsCertificates;
  readonly firewall: z.infer<typeof firewall>;
  readonly loadBalancer: z.infer<typeof loadBalancer>;
  readonly cluster: z.infer<typeof cluster>;
  readonly shared?: string;
} & (FromRegistry | FromSource);

export type KubernetesSettings = Omit<Stack<"kubernetes">, "database"> &
  FromRegistry & {
    readonly database: Choice<
      Sections["database"],
      {
        external: { readonly url: string };
        rds: {
          readonly vpcId: string;
          readonly subnetIds: readonly string[];
          readonly clientSecurityGroupIds: readonly string[];
        };
      }
    >;
  };

export type DockerSettings = Stack<"docker"> & (FromRegistry | FromSource);

export type VercelSettings = Stack<"vercel"> & FromSource;

/** What the stack of each target reads: the stack file over its preset, with nothing left open that the target needs. */
export interface SettingsByTarget {
  readonly "aws-ecs": AwsEcsSettings;
  readonly kubernetes: KubernetesSettings;
  readonly docker: DockerSettings;
  readonly vercel: VercelSettings;
}

export type Settings = SettingsByTarget[Target];
