import { z } from "zod";
import * as format from "../formats";
import { text, type SettingMeta } from "../formats";

/** One supporting image, by digest or tag, from another registry than its own. */
const image = (on: SettingMeta["on"], description: string) =>
  text({ on, description }, format.imageReference).optional();

export const images = z
  .strictObject({
    postgres: image(["kubernetes", "docker"], "PostgreSQL. On Kubernetes one that CloudNativePG runs."),
    valkey: image(["kubernetes", "docker"], "Valkey."),
    redisExporter: image(["kubernetes"], "Metrics of Valkey."),
    nginx: image(["docker"], "nginx, without root."),
    haproxy: image(["docker"], "HAProxy."),
    certbot: image(["docker"], "certbot, with the plugin of tls.acme.dnsProvider."),
    prometheus: image(["docker"], "Prometheus."),
    alertmanager: image(["docker"], "Alertmanager."),
    nodeExporter: image(["docker"], "Metrics of the host."),
    nginxExporter: image(["docker"], "Metrics of nginx."),
    blackboxExporter: image(["docker"], "Asks the site as a visitor does."),
    grafana: image(["docker"], "Grafana."),
  })
  .meta({
    description: "Other images for the supporting services, such as a mirror's.",
    example: { nginx: "mirror.example.com/nginx:1.29" },
  });
