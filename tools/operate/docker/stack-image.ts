import type { DockerOperations } from "../../../stacks/operations";
import { OperateError, type ReleaseOptions, type Stack } from "../contract";
import { up } from "../stack";

const imageKey = "slipway:image";
const migratedKey = "slipway:docker.migratedImage";

type Policies = Pick<ReleaseOptions, "policyPack" | "policyPackConfig">;

/** Neither release serves as a receipt would say it: a person has to look. */
export class StuckRelease extends OperateError {}

/** The image that the stack file names, made the stack's by the same `pulumi up` as ever; and the way back. */
export class StackImage {
  private constructor(
    private readonly stack: Stack<DockerOperations>,
    private readonly policies: Policies,
    private readonly before: { readonly image?: string; readonly migrated?: string },
  ) {}

  static async of(stack: Stack<DockerOperations>, policies: Policies): Promise<StackImage> {
    const [image, migrated] = await Promise.all(
      [imageKey, migratedKey].map((key) => stack.pulumi("config", "get", "--path", key).catch(() => undefined)),
    );
    return new StackImage(stack, policies, { image, migrated });
  }

  /** `isMigrated`: its migration has run, and the stack need not run it a second time. Fails with everything as it was. */
  async take(reference: string, isMigrated: boolean): Promise<void> {
    await this.say(imageKey, reference);
    if (isMigrated) await this.say(migratedKey, reference);
    try {
      await up(this.stack, this.policies);
    } catch (error) {
      if (!(error instanceof OperateError)) throw error;
      await this.giveBack(reference, error.message);
      throw error;
    }
  }

  /** The previous image again: what the stack file names must not be what was returned. */
  async giveBack(reference: string, why: string): Promise<void> {
    const { image, migrated } = this.before;
    await this.say(imageKey, image);
    // An older migration has nothing to do on what a newer one has left.
    await this.say(migratedKey, image !== undefined && this.stack.operations.migration ? image : migrated);
    try {
      await up(this.stack, this.policies);
    } catch (error) {
      if (!(error instanceof OperateError)) throw error;
      throw new StuckRelease(
        `${reference} was to be taken back: ${why}\nThe stack file names the previous image again, and pulumi up with it failed. Which release serves: slipway status ${this.stack.name}. When the cause is gone: pulumi up\n${error.message}`,
      );
    }
  }

  private async say(key: string, value: string | undefined): Promise<void> {
    if (value !== undefined) await this.stack.pulumi("config", "set", "--path", key, value);
    else await this.stack.pulumi("config", "rm", "--path", key);
  }
}
