import rule from "../../../../../policy/rules/docker/container/docker-healthcheck";
import { specify } from "../../../spec";
import { container, service } from "../containers";

specify(rule, {
  passes: {
    "a check": container({ healthcheck: { tests: ["CMD", "pg_isready"] } }),
    "a task that runs once": container({ mustRun: false }),
  },
  fails: {
    "no check": [container({}), "healthcheck"],
    "a swarm service": [service({}), "taskSpec.containerSpec.healthcheck"],
  },
});
