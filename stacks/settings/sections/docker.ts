import { z } from "zod";
import * as format from "../formats";
import { type SettingMeta, text } from "../formats";

/** `<name>-monitoring-alertmanager` is a host name, whose parts have 63 characters at most. */
const nameLength = 63 - "-monitoring-alertmanager".length;

export const docker = z
  .strictObject({
    name: text(
      {
        description:
          "What containers, networks and volumes are called by. Default: slipway-<stack>. Set it to that before `pulumi stack rename`, or a rename replaces everything, volumes with data too; and set another where two projects on one host have stacks of one name.",
        example: "shop-local",
      },
      // Also the tag of an image that is built here: https://github.com/distribution/reference
      (value) =>
        value.length > nameLength
          ? `expected ${nameLength} characters at most`
          : format.matches(
              /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
              "expected lower-case letters and digits, with single hyphens, periods or underscores between them",
            )(value),
    ).optional(),
  })
  .meta({ on: ["docker"], description: "The Docker host." } satisfies SettingMeta);
