/** DNS services that certbot has a plugin of its own for: https://eff-certbot.readthedocs.io/en/stable/using.html#dns-plugins */
export const dnsProviders = [
  "cloudflare",
  "digitalocean",
  "dnsimple",
  "dnsmadeeasy",
  "gehirn",
  "google",
  "linode",
  "luadns",
  "nsone",
  "ovh",
  "rfc2136",
  "route53",
  "sakuracloud",
] as const;
export type DnsProvider = (typeof dnsProviders)[number];
