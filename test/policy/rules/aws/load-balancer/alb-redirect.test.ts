import rule from "../../../../../policy/rules/aws/load-balancer/alb-redirect";
import { given, specify, unknown } from "../../../spec";

const type = "aws:lb/listener:Listener";
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const listener = (action: unknown, properties = {}) =>
  given(type, { port: 80, protocol: "HTTP", defaultActions: [action], ...properties });

specify(rule, {
  passes: {
    "a redirect to HTTPS": listener(redirect),
    "an HTTPS listener that forwards": listener({ type: "forward" }, { port: 443, protocol: "HTTPS" }),
    "a refusal": listener({ type: "fixed-response", fixedResponse: { statusCode: "403" } }),
  },
  fails: {
    "an HTTP listener that forwards": [listener({ type: "forward" }), "defaultActions[0].type"],
    "a redirect to HTTP": [
      listener({ type: "redirect", redirect: { protocol: "HTTP" } }),
      "defaultActions[0].redirect.protocol",
    ],
    "port 80 without a protocol": [
      given("aws:alb/listener:Listener", { port: 80, defaultActions: [{ type: "forward" }] }),
      "defaultActions[0].type",
    ],
  },
  open: {
    "actions that are not known": [given(type, { protocol: "HTTP", defaultActions: unknown() }), "defaultActions"],
  },
});
