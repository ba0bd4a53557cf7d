import rule from "../../../../../policy/rules/docker/host/docker-host-tls";
import { given, partly, specify, unknown } from "../../../spec";

const provider = (properties: Record<string, unknown>) => given("pulumi:providers:docker", properties);

specify(rule, {
  passes: {
    "this host": provider({}),
    SSH: provider({ host: "ssh://deploy@shop.example.com" }),
    "SSH to a host that is not known": provider({ host: partly("ssh://deploy@{0}", "urn#ip") }),
    "TLS with certificates": provider({ host: "tcp://10.0.0.5:2376", certPath: "/etc/docker/certs" }),
  },
  fails: {
    "a bare port": [provider({ host: "tcp://10.0.0.5:2375" }), "host"],
    "a bare port of a host that is not known": [provider({ host: partly("tcp://{0}:2375", "urn#ip") }), "host"],
  },
  open: { "a host that is not known": [provider({ host: unknown() }), "host"] },
});
