import type { AwsEcsSettings } from "../../../../stacks/settings/settings";
import type { Run } from "../../watched";
import type { Check } from "../contract";

/** What the questions are asked with. */
export interface Facts {
  readonly stack: string;
  readonly settings: AwsEcsSettings;
  readonly region: string;
  /** Value of the tag `stack` of whatever the stack has. */
  readonly tag: string;
  /** Who asks. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
  readonly caller: { readonly Account: string; readonly Arn: string };
  readonly run: Run;
  /** An answer of the AWS CLI, in the stack's region unless the arguments say another. */
  aws<T>(...args: readonly string[]): Promise<T>;
}

export type Row = Check<Facts>;
