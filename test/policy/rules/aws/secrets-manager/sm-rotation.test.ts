import rule from "../../../../../policy/rules/aws/secrets-manager/sm-rotation";
import { given, specify, unknown, urnOf } from "../../../spec";

const type = "aws:secretsmanager/secret:Secret";
const secret = given(type, { name: "shop/auth" });
const rotation = (secretId: unknown) =>
  given("aws:secretsmanager/secretRotation:SecretRotation", { secretId }, { name: "rotation" });

specify(rule, {
  passes: { "a secret with a rotation": [secret, rotation(unknown(`${urnOf(type)}#id`))] },
  fails: { "a secret without one": [secret, ""] },
  open: { "a rotation of who knows what": [[secret, rotation(unknown())], "secretId of rotation"] },
});
