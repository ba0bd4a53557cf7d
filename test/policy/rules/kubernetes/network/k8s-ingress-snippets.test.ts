import rule from "../../../../../policy/rules/kubernetes/network/k8s-ingress-snippets";
import { given, specify } from "../../../spec";

const type = "kubernetes:networking.k8s.io/v1:Ingress";
const annotated = (annotations: Record<string, string>) => given(type, { metadata: { annotations } });

specify(rule, {
  passes: {
    none: given(type, { spec: {} }),
    "a setting": annotated({ "nginx.ingress.kubernetes.io/proxy-body-size": "8m" }),
  },
  fails: {
    "a configuration snippet": [
      annotated({ "nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers x;" }),
      "metadata.annotations.nginx.ingress.kubernetes.io/configuration-snippet",
    ],
    "one of NGINX's own controller": [
      annotated({ "nginx.org/server-snippets": "x;" }),
      "metadata.annotations.nginx.org/server-snippets",
    ],
  },
});
