import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type ChildTransforms, type Transform, transforming } from "../../shared/transform";

export interface AwsBudgetArgs {
  /** Limit in USD a month, such as the estimate of `slipway cost` times 1.3. @example 400 */
  readonly usd: number;
  /** Tag `stack` of what is counted. It must be a cost allocation tag of the account. @example "shop-prod" */
  readonly stack: string;
  /** Who gets an e-mail, ten at most. @example ["ops@example.com"] */
  readonly emails: readonly string[];
  /**
   * Changes to the children, before they are created.
   *
   * @default none
   * @example { "aws:budgets/budget:Budget": (args, options, name) => ({ ...args, tags: { team: "shop" } }) }
   */
  readonly transform?: ChildTransforms & { readonly budget?: Transform<aws.budgets.BudgetArgs> };
}

/**
 * An e-mail when the stack costs more than it should: at 80 and 100 percent of the month's budget, and as soon as AWS foresees that
 * it will not do. Free (https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/). AWS counts by the tag, some hours late.
 *
 * @example
 * new AwsBudget("budget", { usd: 400, stack: "shop-prod", emails: ["ops@example.com"] });
 */
export class AwsBudget extends pulumi.ComponentResource {
  readonly nodes: { readonly budget: aws.budgets.Budget };

  constructor(name: string, args: AwsBudgetArgs, options?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:AwsBudget", name, {}, transforming(options, args.transform));
    if (args.emails.length < 1 || args.emails.length > 10) {
      throw new Error(`${name}: emails has ${args.emails.length} addresses: AWS Budgets takes 1 to 10`);
    }
    const notify = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      ...{ notificationType, threshold, thresholdType: "PERCENTAGE", comparisonOperator: "GREATER_THAN" },
      subscriberEmailAddresses: [...args.emails],
    });
    const budget = new aws.budgets.Budget(
      ...childOf<aws.budgets.BudgetArgs>(
        name,
        {
          ...{ budgetType: "COST", timeUnit: "MONTHLY", limitAmount: String(args.usd), limitUnit: "USD" },
          // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
          costFilters: [{ name: "TagKeyValue", values: [`user:stack$${args.stack}`] }],
          notifications: [notify("ACTUAL", 80), notify("ACTUAL", 100), notify("FORECASTED", 100)],
        },
        { parent: this },
        args.transform?.budget,
      ),
    );
    this.nodes = { budget };
    this.registerOutputs({});
  }
}
