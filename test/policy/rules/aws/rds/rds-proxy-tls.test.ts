import rule from "../../../../../policy/rules/aws/rds/rds-proxy-tls";
import { given, specify, unknown } from "../../../spec";

const proxy = "aws:rds/proxy:Proxy";

specify(rule, {
  passes: { "a proxy that requires TLS": given(proxy, { requireTls: true }) },
  fails: { "a proxy that says nothing": [given(proxy, {}), "requireTls"] },
  open: { "a setting that is not known": [given(proxy, { requireTls: unknown() }), "requireTls"] },
});
