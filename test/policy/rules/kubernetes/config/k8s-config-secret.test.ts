import rule from "../../../../../policy/rules/kubernetes/config/k8s-config-secret";
import { given, secret, specify, unknown } from "../../../spec";

const config = (data: unknown) => given("kubernetes:core/v1:ConfigMap", { data });

specify(rule, {
  passes: { settings: config({ LOG_LEVEL: "info", "nginx.conf": "server {}" }) },
  fails: {
    "a password": [config({ DB_PASSWORD: "hunter2" }), "data.DB_PASSWORD"],
    "a password in an address": [config({ DATABASE: "postgres://shop:hunter2@db/shop" }), "data.DATABASE"],
    "one that is marked secret beside an unknown": [config({ HOST: unknown(), X: secret }), "data.X"],
    "a patch": [given("kubernetes:core/v1:ConfigMapPatch", { data: { API_TOKEN: "x" } }), "data.API_TOKEN"],
  },
  open: { "data that is not known": [config(unknown()), "data"] },
});
