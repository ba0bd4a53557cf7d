import { amount, hours, text, type Estimator } from "../estimator";
import { instancePrice } from "../prices";

/** An RDS instance or read replica, with its storage. Multi-AZ pays for the standby too. Backups up to the size of the storage are free. */
export const rdsInstance: Estimator = (instance, { region, source }) => {
  const primary = source(instance.inputs["replicateSourceDb"], instance.type);
  const instanceClass = text(instance.inputs["instanceClass"] ?? primary?.inputs["instanceClass"]);
  const price = instancePrice("rds", instanceClass, region);
  if (price === undefined) return { unpriced: `${instanceClass || "its class"} is not in the price table` };
  const copies = instance.inputs["multiAz"] === true ? 2 : 1;
  const gb = amount(instance.inputs["allocatedStorage"] ?? primary?.inputs["allocatedStorage"]);
  const suffix = copies === 2 ? ", Multi-AZ" : primary ? ", replica" : "";
  return [
    { what: instanceClass + suffix, quantity: copies * hours, price },
    { what: `${gb} GB storage${suffix}`, quantity: copies * gb, price: "rds.gp3.gb" },
    // RDS keeps and rotates the password it manages in a secret of its own.
    ...(instance.inputs["manageMasterUserPassword"] === true
      ? [{ what: "password", quantity: 1, price: "secret.month" as const }]
      : []),
  ];
};

const instanceType = "aws:rds/instance:Instance";

/** A proxy pays for the vCPUs of what is behind it, two at least. */
export const rdsProxy: Estimator = (_proxy, { ofType }) => {
  const vcpus = ofType(instanceType).map(({ inputs }) => vcpusOf(text(inputs["instanceClass"])));
  return [{ what: "connection proxy", quantity: Math.max(2, ...vcpus) * hours, price: "rds.proxy.vcpu" }];
};

/** Every size below 2xlarge that RDS offers has two vCPUs, but xlarge. */
function vcpusOf(instanceClass: string): number {
  const size = instanceClass.split("./").pop() ?? "";
  if (size === "xlarge") return 4;
  return 4 * amount(/^(\d+)xlarge$/.exec(size)?.[1], 0.5);
}
