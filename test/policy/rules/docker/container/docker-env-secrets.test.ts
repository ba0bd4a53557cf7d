import rule from "../../../../../policy/rules/docker/container/docker-env-secrets";
import { partly, secret, specify, unknown } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "plain settings": container({ envs: ["LOG_LEVEL=info", "POSTGRES_PASSWORD_FILE=/run/secrets/db", "AUTH_SECRET="] }),
    "the hash of a secret": container({ labels: [{ label: "shop.secrets", value: "9f86d081" }] }),
    "an output that is no secret": container({ envs: [partly("HOST={0}", "urn#hostname")] }),
  },
  fails: {
    "a password by its name": [container({ envs: ["LOG_LEVEL=info", "POSTGRES_PASSWORD=hunter2"] }), "envs[1]"],
    "a password in an address": [container({ envs: ["DATABASE_URL=postgres://shop:hunter2@db/shop"] }), "envs[0]"],
    "a password that is not known yet": [container({ envs: [partly("DB_PASSWORD={0}", "urn#result")] }), "envs[0]"],
    "one that is marked secret": [container({ envs: ["LOG_LEVEL=info", secret] }), "envs[1]"],
    "a list that is marked secret": [container({ envs: secret }), "envs"],
    "a password in an argument": [container({ command: ["--requirepass", "x", "--password=hunter2"] }), "command[2]"],
    "a password in a label": [
      container({ labels: [{ label: "db", value: "postgres://shop:hunter2@db/shop" }] }),
      "labels[0].value",
    ],
    "a swarm service": [service({ env: { API_TOKEN: "abc" } }), "taskSpec.containerSpec.env.API_TOKEN"],
    "one beside an unknown": [container({ envs: [unknown(), "API_TOKEN=abc"] }), "envs[1]"],
  },
  open: { "a variable that is not known": [container({ envs: [unknown()] }), "envs[0]"] },
});
