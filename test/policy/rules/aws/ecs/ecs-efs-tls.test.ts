import rule from "../../../../../policy/rules/aws/ecs/ecs-efs-tls";
import { specify, unknown } from "../../../spec";
import { task } from "./task";

const volume = (efs: Record<string, unknown>) =>
  task({}, { volumes: [{ name: "media", efsVolumeConfiguration: { fileSystemId: "fs-1", ...efs } }] });
const encryption = "volumes[0].efsVolumeConfiguration.transitEncryption";

specify(rule, {
  passes: {
    "a volume over TLS": volume({ transitEncryption: "ENABLED" }),
    "a volume of another kind": task({}, { volumes: [{ name: "tmp" }] }),
  },
  fails: { "a volume that says nothing": [volume({}), encryption] },
  open: { "a setting that is not known": [volume({ transitEncryption: unknown() }), encryption] },
});
