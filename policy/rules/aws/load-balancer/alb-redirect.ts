import { defineRule } from "../../../rule";
import { aws } from "../types";

export default defineRule({
  id: "alb-redirect",
  title: "Plain HTTP is only redirected",
  severity: "high",
  level: "mandatory",
  appliesTo: aws.listener,
  references: ["FSBP ELB.1", "CKV2_AWS_20", "CKV_AWS_2"],
  why: "A page served over HTTP can be read and changed on its way, its cookies with it.",
  fix: "Make the default action of the HTTP listener a redirect to HTTPS.",
  judge(listener, { each, fail }) {
    const protocol = listener.get("protocol");
    if (protocol.present ? !protocol.is("HTTP") : !listener.get("port").is(80)) return;
    each(listener.get("defaultActions").items(), (action) => {
      const type = action.get("type");
      if (type.is("fixed-response")) return;
      if (type.isNot("redirect")) fail(type, "The listener answers plain HTTP.");
      else if (action.get("redirect", "protocol").isNot("HTTPS")) {
        fail(action.get("redirect", "protocol"), "The listener does not redirect to HTTPS.");
      }
    });
  },
});
