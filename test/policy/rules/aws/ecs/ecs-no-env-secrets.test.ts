import rule from "../../../../../policy/rules/aws/ecs/ecs-no-env-secrets";
import { given, partly, secret, specify, unknown } from "../../../spec";
import { task, taskDefinition } from "./task";

const environment = (name: string, value: string) => ({ environment: [{ name, value }] });
const value = "containerDefinitions[0].environment[0].value";
const templated = (template: string, ...sources: string[]) =>
  given(taskDefinition, { containerDefinitions: partly(template, ...sources) });

specify(rule, {
  passes: {
    "plain settings": task(environment("LOG_LEVEL", "info")),
    "references to secrets": task({
      secrets: [{ name: "DATABASE_URL", valueFrom: "arn:aws:secretsmanager:eu-central-1:1:secret:db" }],
    }),
    "where a secret lies": task(environment("AUTH_SECRET_ARN", "arn:aws:secretsmanager:eu-central-1:1:secret:auth")),
    "how long a token lives": task(environment("TOKEN_TTL_SECONDS", "60")),
    "an address without a password": task(environment("REDIS_URL", "rediss://cache.internal:6379")),
    "a command that names a file, a reference or another flag": task({
      command: ["--password-file=/run/secret", "--token=$TOKEN", "--secret", "--verbose", "PASSWORD=${X} run"],
    }),
    "an output that is no secret": templated('[{"environment":[{"name":"BUCKET","value":"{0}"}]}]', "urn#bucket"),
  },
  fails: {
    "a password by its name": [task(environment("DB_PASSWORD", "hunter2")), value],
    "a password in an argument": [
      task({ command: ["serve", "--password=hunter2"] }),
      "containerDefinitions[0].command[1]",
    ],
    "a password behind its flag": [
      task({ entryPoint: ["serve", "--db-password", "hunter2"] }),
      "containerDefinitions[0].entryPoint[1]",
    ],
    "a password in a line of a shell": [
      task({ command: ["sh", "-c", "PGPASSWORD=hunter2 psql"] }),
      "containerDefinitions[0].command[2]",
    ],
    "a key by its shape": [task(environment("S3_USER", "AKIAIOSFODNN7EXAMPLE")), value],
    "a password in an address": [task(environment("DATABASE_URL", "postgres://shop:hunter2@db:5432/shop")), value],
    "an output that is a secret": [
      templated(
        '[{"environment":[{"name":"DB","value":"{0}"}]}]',
        "urn:pulumi:p::s::random:index/randomPassword:RandomPassword::db#secret",
      ),
      value,
    ],
    "definitions that are marked secret": [
      given(taskDefinition, { containerDefinitions: secret }),
      "containerDefinitions",
    ],
  },
  open: {
    "a value that is not known": [
      given(taskDefinition, { containerDefinitions: [{ environment: [{ name: "HOST", value: unknown() }] }] }),
      value,
    ],
  },
});
