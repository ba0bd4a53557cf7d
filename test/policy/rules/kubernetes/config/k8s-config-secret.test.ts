import rule from "../../../../../policy/rules/kubernetes/config/k8s-config-secret";
import { given, secret, specify, unknown } from "../../../spec";

const config = (data: unknown) => given("kubernetes:core/v1:ConfigMap", { data });

specify(rule, {
  passes: {
    settings: config({ LOG_LEVEL: "info", "nginx.conf": "server {}" }),
    "documents that say where a secret lies": config({
      "a.json": '{"passwordFile":"/run/secret","token":"${TOKEN}","db":{"passwordSecretName":"db"}}',
      "b.yaml": "receivers:\n  password_file: /run/secret\n  token: ${TOKEN}\n",
    }),
  },
  fails: {
    "a password": [config({ DB_PASSWORD: "hunter2" }), "data.DB_PASSWORD"],
    "a password in an address": [config({ DATABASE: "postgres://shop:hunter2@db/shop" }), "data.DATABASE"],
    "a secret deep in JSON": [config({ "a.json": '{"db":{"hosts":[{"password":"hunter2"}]}}' }), "data.a.json"],
    "a secret in YAML": [config({ "b.yaml": "smtp:\n  host: mail\n  password: hunter2\n" }), "data.b.yaml"],
    "a secret in Base64": [
      given("kubernetes:core/v1:ConfigMap", {
        binaryData: { a: Buffer.from('{"password":"hunter2"}').toString("base64") },
      }),
      "binaryData.a",
    ],
    "one that is marked secret beside an unknown": [config({ HOST: unknown(), X: secret }), "data.X"],
    "a patch": [given("kubernetes:core/v1:ConfigMapPatch", { data: { API_TOKEN: "x" } }), "data.API_TOKEN"],
  },
  open: { "data that is not known": [config(unknown()), "data"] },
});
