import { defineRule } from "../../../rule";
import { secretFault } from "../../secret-like";

export default defineRule({
  id: "docker-no-arg-secrets",
  title: "No secret is passed as a build argument",
  severity: "high",
  level: "mandatory",
  appliesTo: [
    "docker-build:index:Image",
    "docker:index/image:Image",
    "docker:index/remoteImage:RemoteImage",
    "docker:index/registryImage:RegistryImage",
  ],
  references: ["CIS Docker 4.10"],
  why: "Build arguments stay in the image's history: everybody who can pull the image reads them.",
  fix: "Use `secrets` of docker-build and `RUN --mount=type=secret` in the Dockerfile.",
  judge(image, { each, fail }) {
    const lists = [
      image.get("buildArgs"),
      image.get("labels"),
      ...["args", "buildArgs", "buildArg"].map((name) => image.get("build", name)),
    ];
    each(lists, (list) => {
      if (list.isSecret) return fail(list, "The arguments hold a value that is marked secret.");
      each(list.entries(), ([name, value]) => {
        const fault = secretFault(name, value, "argument");
        if (fault) fail(value, fault);
      });
    });
  },
});
