import rule from "../../../../../policy/rules/aws/ecs/ecs-readonly-rootfs";
import { given, partly, specify, unknown } from "../../../spec";
import { task, taskDefinition } from "./task";

specify(rule, {
  passes: {
    "a container that cannot write": task({ readonlyRootFilesystem: true }),
    "the same as an object": given(taskDefinition, { containerDefinitions: [{ readonlyRootFilesystem: true }] }),
    "the same around an unknown": given(taskDefinition, {
      containerDefinitions: partly('[{"image":"{0}:1","readonlyRootFilesystem":true}]', "urn#repositoryUrl"),
    }),
  },
  fails: {
    "a container that says nothing": [task({}), "containerDefinitions[0].readonlyRootFilesystem"],
    "the second of two": [
      given(taskDefinition, {
        containerDefinitions: JSON.stringify([{ readonlyRootFilesystem: true }, { readonlyRootFilesystem: false }]),
      }),
      "containerDefinitions[1].readonlyRootFilesystem",
    ],
    "one beside an unknown": [
      given(taskDefinition, { containerDefinitions: partly('[{"image":{0}},{"image":"{1}"}]', "urn#a", "urn#b") }),
      "containerDefinitions[1].readonlyRootFilesystem",
    ],
  },
  open: {
    "definitions that are not known": [
      given(taskDefinition, { containerDefinitions: unknown() }),
      "containerDefinitions",
    ],
    "definitions that are no JSON": [given(taskDefinition, { containerDefinitions: "[{" }), "containerDefinitions"],
  },
});
