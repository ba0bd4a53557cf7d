import type { PlanValue } from "../../../plan/plan";
import { amount, count, hours, text, type Estimator } from "../estimator";

const natType = "aws:ec2/natGateway:NatGateway";

export const natGateway: Estimator = (_gateway, { assume, ofType }) => [
  { what: "NAT gateway", quantity: hours, price: "nat.hour" },
  {
    what: "through the NAT gateway",
    quantity: assume("network.natGbPerMonth") / ofType(natType).length,
    price: "nat.gb",
    assumes: ["network.natGbPerMonth"],
  },
];

/** The one size that the components make. */
export const ec2Instance: Estimator = ({ inputs }) => {
  const type = text(inputs["instanceType"]);
  if (type !== "t4g.nano") return { unpriced: `no price for ${type} in the list` };
  const root = inputs["rootBlockDevice"] as Readonly<Record<string, PlanValue>> | undefined;
  return [
    { what: type, quantity: hours, price: "ec2.t4g.nano" },
    { what: "its disk", quantity: amount(root?.["volumeSize"], 8), price: "ebs.gp3.gb" },
  ];
};

/** Public IPv4 addresses cost the same whether used or not. */
export const elasticIp: Estimator = () => [{ what: "public IPv4 address", quantity: hours, price: "ipv4.hour" }];

/** Gateway endpoints (S3, DynamoDB) are free; interface endpoints pay for each zone. */
export const vpcEndpoint: Estimator = ({ inputs }, { assume }) => {
  if (text(inputs["vpcEndpointType"], "Gateway") === "Gateway") return [];
  const subnets = inputs["subnetIds"];
  if (subnets !== undefined && !Array.isArray(subnets))
    return { unpriced: "the number of its zones is not known before deployment" };
  const zones = Math.max(1, count(subnets));
  return [
    { what: `endpoint in ${zones} zones`, quantity: zones * hours, price: "endpoint.hour" },
    {
      what: "through the endpoint",
      quantity: assume("network.endpointGbPerMonth"),
      price: "endpoint.gb",
      assumes: ["network.endpointGbPerMonth"],
    },
  ];
};
