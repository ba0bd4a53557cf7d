import { z } from "zod";
import * as format from "../formats";
import { flag, oneOf, text, whole } from "../formats";
import { outbound } from "./kubernetes-cluster";

const subnets = (description: string) =>
  z
    .array(text({ description: "" }, format.subnetId))
    .min(2, "expected subnets in at least 2 zones")
    .meta({ on: ["aws-ecs"], description, example: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] })
    .optional();

export const network = z
  .strictObject({
    cidr: text({ on: ["aws-ecs"], description: "Address range of the VPC.", example: "10.20.0.0/16" }, format.vpcCidr),
    zones: whole(2, 3, { on: ["aws-ecs"], description: "Availability zones." }),
    zoneIds: z
      .array(text({ description: "" }, format.matches(/^[a-z]+\d+-az\d$/, "expected a zone id such as euc1-az1")))
      .meta({
        on: ["aws-ecs"],
        description:
          "Ids of the zones, as many as `zones`, when they must be certain ones. Default: the first of the account that run Fargate.",
        example: ["use1-az1", "use1-az2", "use1-az4"],
      })
      .optional(),
    vpcId: text(
      {
        on: ["aws-ecs"],
        description:
          "A VPC that exists: nothing of it is created but the security group of the application. `cidr`, `zones`, `nat` and `endpoints` are then its own: docs/aws.md#what-exists-already.",
        example: "vpc-0a1b2c3d4e5f67890",
      },
      format.vpcId,
    ).optional(),
    privateSubnetIds: subnets("Subnets of `vpcId` for the application, with egress, in two zones or more."),
    publicSubnetIds: subnets("Subnets of `vpcId` for a load balancer on the internet, in two zones or more."),
    isolatedSubnetIds: subnets("Subnets of `vpcId` for database and cache. Default: `privateSubnetIds`."),
    outboundPorts: z
      .array(whole(1, 65535, { description: "" }))
      .meta({
        on: ["aws-ecs"],
        description:
          "TCP ports that the application may reach on the internet, beside 443 and those of the addresses in this file.",
        example: [587],
      })
      .optional(),
    endpoints: z
      .array(text({ description: "" }, format.matches(/^[a-z0-9][a-z0-9.-]*$/, "expected a service such as ecr.api")))
      .meta({
        on: ["aws-ecs"],
        description:
          "AWS services reached by private endpoints, by the end of the endpoint's name. About $7.30 per month, zone and service. Default: none with a NAT gateway; without one what a task needs: ecr.api, ecr.dkr, logs, secretsmanager.",
        example: ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sts"],
      })
      .optional(),
    nat: oneOf(["none", "instance", "one", "per-zone"], {
      on: ["aws-ecs"],
      description:
        "The application's egress. `per-zone` and `one`: NAT gateways, about $40 a month each; with one, a zone failure can cut outgoing traffic. `instance`: a small machine instead, about $8 a month, with its minutes of recovery: docs/aws.md#a-nat-instance. `none`: AWS services only.",
    }),
    ipv6: flag({
      on: ["aws-ecs"],
      description:
        "Without a CDN: the load balancer on IPv6 beside IPv4, with AAAA records. Subnets of `vpcId` have to have IPv6. Default: `false`; CloudFront is on both.",
    }).optional(),
    bindAddress: text(
      { on: ["docker"], description: "Address of the host on which nginx listens.", example: "127.0.0.1" },
      format.ipAddress,
    ),
    httpPort: whole(1, 65535, { on: ["docker"], description: "Port for plain HTTP, which redirects." }),
    httpsPort: whole(1, 65535, { on: ["docker"], description: "Port for HTTPS." }),
    http3: flag({
      on: ["docker"],
      description:
        "HTTP/3 beside HTTP/2, over UDP on `httpsPort`, which the firewall has to let in: docs/docker.md#http3. nginx is replaced once when it is turned on or off.",
    }).optional(),
    monitoringPort: whole(1, 65535, { on: ["docker"], description: "Port on 127.0.0.1 for Prometheus' own pages." }),
    trustedProxies: z.array(text({ description: "" }, format.proxyNetwork)).meta({
      on: ["docker"],
      description:
        "Networks of proxies in front, such as a CDN's: the client's address is taken from the X-Forwarded-For of these alone.",
      example: ["173.245.48.0/20"],
    }),
    redirectFrom: z
      .array(text({ description: "" }, format.domain))
      .max(5, "expected 5 names at most")
      .meta({
        on: ["aws-ecs", "kubernetes"],
        description:
          "Other names of the site, whose visitors are redirected to `domain`. On AWS certificates and DNS records are made for them too, in the zone of `tls.hostedZoneId`. On Kubernetes it takes a gateway; `tls.issuer` makes one certificate for all names.",
        example: ["www.example.com"],
      })
      .optional(),
    outbound: outbound.optional(),
    maxBodyMb: whole(1, 10_000, {
      on: ["docker", "kubernetes"],
      description:
        "Largest request body. On Kubernetes through an Ingress of ingress-nginx alone: [where there is a limit](kubernetes.md#ingress).",
      unit: "MiB",
    }),
  })
  .meta({ description: "Where the stack lives and how it is reached." });
