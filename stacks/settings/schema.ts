import { z } from "zod";
import { policyConfiguration } from "../../policy/configuration";
import * as format from "./formats";
import { oneOf, text } from "./formats";
import { aws } from "./sections/aws";
import { build } from "./sections/build";
import { cache } from "./sections/cache";
import { cdn } from "./sections/cdn";
import { costs } from "./sections/costs";
import { database } from "./sections/database";
import { cluster, loadBalancer, shared } from "./sections/existing";
import { docker } from "./sections/docker";
import { guards } from "./sections/guards";
import { firewall } from "./sections/firewall";
import { images } from "./sections/images";
import { kubernetes } from "./sections/kubernetes";
import { monitoring } from "./sections/monitoring";
import { network } from "./sections/network";
import { jobs, workers } from "./sections/processes";
import { release } from "./sections/release";
import { secrets } from "./sections/secrets";
import { service } from "./sections/service";
import { storage } from "./sections/storage";
import { tls } from "./sections/tls";
import { vercel } from "./sections/vercel";
import { presetNames, targets } from "./settings";

/**
 * Everything a stack file can say, in the config namespace `slipway` whatever the Pulumi project is called. Only
 * `target`, `domain` and an image are needed; the preset answers the rest (presets.ts). Pulumi.yaml's `config` section and
 * docs/settings.md are generated from this schema: `npm run generate`.
 */

/** The sections that a preset fills. */
export const sections = {
  service,
  database,
  cache,
  cdn,
  network,
  aws,
  kubernetes,
  docker,
  vercel,
  monitoring,
  storage,
  release,
};

export const stackFile = z.strictObject({
  target: oneOf(targets, { description: "Where it runs." }),
  preset: oneOf(presetNames, { description: "Defaults for everything else. Default: `production`." }).optional(),
  domain: text({ description: "The site's host name.", example: "shop.example.com" }, format.domain),
  image: text(
    {
      on: format.servers,
      why: {
        vercel:
          "Vercel builds the source with `npm run build`, without Docker; name the folder in slipway:build.context",
      },
      description: "The application's image, by digest or tag.",
      example: "ghcr.io/acme/shop:1.4.2",
    },
    format.imageReference,
  ).optional(),
  build: build.optional(),
  service: partial(service),
  workers: workers.optional(),
  jobs: jobs.optional(),
  database: partial(database),
  cache: partial(cache),
  cdn: partial(cdn),
  network: partial(network),
  tls: tls.optional(),
  loadBalancer: loadBalancer.optional(),
  cluster: cluster.optional(),
  shared: shared.optional(),
  aws: partial(aws),
  kubernetes: partial(kubernetes),
  docker: partial(docker),
  vercel: partial(vercel),
  firewall: firewall.optional(),
  images: images.optional(),
  monitoring: partial(monitoring),
  secrets: secrets.optional(),
  storage: partial(storage),
  release: partial(release),
  policies: policyConfiguration
    .meta({ description: "How strict the security policies are: docs/policies.md." })
    .optional(),
  costs: costs.optional(),
  guards: guards.optional(),
});

/** Every key may be left out. `partial` alone would drop what is known of the section. */
function partial<Shape extends z.core.$ZodLooseShape>(section: z.ZodObject<Shape, z.core.$strict>) {
  return section
    .partial()
    .meta({ ...section.meta() })
    .optional();
}

export function innermost(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? innermost(schema.def.innerType as z.ZodType) : schema;
}

/** A section's own settings, by name; none where a setting has no fixed keys. */
export function fieldsOf(schema: z.ZodType): [string, z.ZodType][] {
  const inner = innermost(schema);
  return inner instanceof z.ZodObject ? (Object.entries(inner.shape) as [string, z.ZodType][]) : [];
}

/** Every key of the schema, dotted: `service`, `service.cpuMillis`. */
export function settingKeys(): string[] {
  return fieldsOf(stackFile).flatMap(([name, schema]) => [name, ...fieldsOf(schema).map(([key]) => `${name}.${key}`)]);
}
