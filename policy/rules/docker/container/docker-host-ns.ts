import { defineRule } from "../../../rule";
import { container } from "../types";

export default defineRule({
  id: "docker-host-ns",
  title: "Containers share no namespace with their host",
  severity: "high",
  level: "mandatory",
  appliesTo: [container],
  references: ["CIS Docker 5.9", "CIS Docker 5.16", "CIS Docker 5.17", "CIS Docker 5.31"],
  why: "On the host's network a container reaches every service that listens on 127.0.0.1.",
  fix: "Remove `networkMode`, `pidMode`, `ipcMode` and `usernsMode`, or set them to something else than host.",
  judge(resource, { each, fail }) {
    each(["networkMode", "pidMode", "ipcMode", "usernsMode"], (name) => {
      const mode = resource.get(name);
      if (mode.is("host")) fail(mode, "The container shares a namespace with its host.");
    });
  },
});
