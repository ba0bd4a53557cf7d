import { amount, hours, text, type Estimator } from "../estimator";
import { instancePrice } from "../prices";

/**
 * An RDS instance or read replica, with its storage. Multi-AZ pays for the standby too. Backups up to the size of the
 * storage are free. A replica has what its primary has unless it says otherwise.
 */
export const rdsInstance: Estimator = (instance, { region, source }) => {
  const primary = source(instance.inputs["replicateSourceDb"], instance.type);
  const of = (name: string) => instance.inputs[name] ?? primary?.inputs[name];
  const engine = text(of("engine"), "postgres");
  if (engine !== "postgres") return { unpriced: `only PostgreSQL is in the price table, not ${engine}` };
  const instanceClass = text(of("instanceClass"));
  const price = instancePrice("rds", instanceClass, region);
  if (price === undefined) return { unpriced: `${instanceClass || "its class"} is not in the price table` };
  const gb = amount(of("allocatedStorage"));
  if (gb === 0) return { unpriced: "the size of its storage is not known before deployment" };
  const storage = storageFault(text(of("storageType")), gb, amount(of("iops")), amount(of("storageThroughput")));
  if (storage !== undefined) return { unpriced: storage };
  const copies = instance.inputs["multiAz"] === true ? 2 : 1;
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

/**
 * Why the storage has no price here. The price of gp3 is that of gp2 in every region of the table; from 400 GB on gp3
 * includes 12,000 IOPS and 500 MB/s, below that 3,000 and 125.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 */
function storageFault(type: string, gb: number, iops: number, throughput: number): string | undefined {
  // RDS makes io1 of storage that asks for IOPS and names no type.
  const actual = type !== "" ? type : iops > 0 ? "io1" : "gp2";
  if (actual !== "gp2" && actual !== "gp3") return `${actual} storage is not in the price table`;
  const [included, rate] = gb >= 400 ? [12_000, 500] : [3_000, 125];
  if (actual === "gp3" && iops > included)
    return `IOPS beyond the ${included} that gp3 includes are not in the price table`;
  if (actual === "gp3" && throughput > rate)
    return `throughput beyond the ${rate} MB/s that gp3 includes is not in the price table`;
  return undefined;
}

const instanceType = "aws:rds/instance:Instance";

/** A proxy pays for the vCPUs of what is behind it, two at least. */
export const rdsProxy: Estimator = (_proxy, { ofType }) => {
  // In front of Serverless v2 it is paid by the ACU, which the price table does not have: https://aws.amazon.com/rds/proxy/pricing/
  if (
    ofType("aws:rds/clusterInstance:ClusterInstance").some(
      ({ inputs }) => text(inputs["instanceClass"]) === "db.serverless",
    )
  )
    return { unpriced: "a proxy in front of Aurora Serverless v2 is paid by the ACU, which is not in the price table" };
  const vcpus = ofType(instanceType).map(({ inputs }) => vcpusOf(text(inputs["instanceClass"])));
  return [{ what: "connection proxy", quantity: Math.max(2, ...vcpus) * hours, price: "rds.proxy.vcpu" }];
};

/** Every size below 2xlarge that RDS offers has two vCPUs, but xlarge. */
function vcpusOf(instanceClass: string): number {
  const size = instanceClass.split(".").pop() ?? "";
  if (size === "xlarge") return 4;
  return 4 * amount(/^(\d+)xlarge$/.exec(size)?.[1], 0.5);
}
