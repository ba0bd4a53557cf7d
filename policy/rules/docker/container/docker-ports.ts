import { defineRule } from "../../../rule";
import { containers, service } from "../types";

const data = ["5432", "6432", "3306", "6379", "27017", "9200", "11211", "3000", "9090", "9093", "2375"];

export default defineRule({
  id: "docker-ports",
  title: "Databases and consoles are not published",
  severity: "critical",
  level: "mandatory",
  appliesTo: containers,
  references: ["CIS Docker 5.14"],
  why: "Docker publishes a port past the host's own firewall: ufw shows it closed, and the internet finds it open.",
  fix: 'Let the other containers reach it over a network, or publish it with `ip: "127.0.0.1"`.',
  parameters: {
    privatePorts: {
      type: "strings",
      default: data,
      description: "Ports of a container that must not be published to all addresses.",
    },
  },
  judge(resource, { each, fail, parameters }) {
    const swarm = resource.type === service;
    each((swarm ? resource.get("endpointSpec", "ports") : resource.get("ports")).items(), (port) => {
      const inner = swarm ? port.get("targetPort") : port.get("internal");
      if (!inner.is(...parameters.privatePorts)) return;
      const address = port.get("ip");
      if (!address.present || address.is("", "0.0.0.0", "::"))
        fail(port, "A port that is not for the public is published.");
    });
  },
});
