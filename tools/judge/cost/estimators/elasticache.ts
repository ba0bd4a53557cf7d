import { amount, hours, text, type Estimator } from "../estimator";
import { instancePrice } from "../prices";

/** A replication group: every node of every shard costs the same. */
export const replicationGroup: Estimator = ({ inputs }, { region }) => {
  const nodeType = text(inputs["nodeType"]);
  const price = instancePrice("valkey", nodeType, region);
  if (price === undefined) return { unpriced: `${nodeType || "its node type"} is not in the price table` };
  if (text(inputs["engine"]) !== "valkey") return { unpriced: "only Valkey is in the price table" };
  const counts = ["numNodeGroups", "numCacheClusters", "replicasPerNodeGroup"].map((name) => inputs[name]);
  if (counts.some((one) => one !== undefined && text(one) === ""))
    return { unpriced: "the number of its nodes is not known before deployment" };
  const shards = amount(inputs["numNodeGroups"], 1);
  const nodes = amount(inputs["numCacheClusters"], shards * (1 + amount(inputs["replicasPerNodeGroup"])));
  return [{ what: `${nodeType} × ${nodes}`, quantity: nodes * hours, price }];
};
