/**
 * Classes of ingress-nginx, by its usual names, and of AKS' application routing, which is ingress-nginx. It limits bodies when
 * nobody says anything, to 1 MiB; what other controllers do is in docs/kubernetes.md#ingress.
 */
export function isIngressNginx(ingressClass: string | undefined): boolean {
  return /nginx|^webapprouting\./.test(ingressClass ?? "");
}

/**
 * Answers that stream must not be collected first, and may last. ingress-nginx does both by default; Traefik and HAProxy
 * do neither. https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
export function streaming(maxBodyMb: number): Record<string, string> {
  return {
    "nginx.ingress.kubernetes.io/proxy-buffering": "off",
    "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
    "nginx.ingress.kubernetes.io/proxy-body-size": `${maxBodyMb}m`,
  };
}

/** Per client address, by ingress-nginx's own names. Of other controllers nobody can say how they are told. */
export const limits: Readonly<Record<string, string>> = {
  "nginx.ingress.kubernetes.io/limit-rps": "50",
  "nginx.ingress.kubernetes.io/limit-connections": "200",
};
