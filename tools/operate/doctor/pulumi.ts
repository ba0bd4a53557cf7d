import type { Run } from "../watched";
import { missing, present } from "./answers";
import type { Check } from "./contract";

/** What deploys, on every target that is not asked through it. */
export const pulumiRow: Check<{ readonly run: Run }> = {
  id: "pulumi",
  needs: "the Pulumi CLI",
  when: "every stack",
  asked: "pulumi version",
  remedy: "install it",
  applies: () => true,
  async ask({ run }) {
    const version = await run("pulumi", ["version"]).catch(() => undefined);
    return version === undefined
      ? missing("pulumi is not on PATH", "# https://www.pulumi.com/docs/install/")
      : present(version.trim());
  },
};
