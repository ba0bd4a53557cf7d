import { count, hours, text, type Estimator } from "../estimator";

/** An application load balancer; one that faces the internet holds a public IPv4 address in each zone. */
export const loadBalancer: Estimator = ({ inputs }, { assume }) => {
  const kind = text(inputs["loadBalancerType"], "application");
  if (kind !== "application")
    return { unpriced: `only application load balancers are in the price table, not ${kind}` };
  const zones = Math.max(2, count(inputs["subnets"]));
  return [
    { what: "load balancer", quantity: hours, price: "alb.hour" },
    {
      what: "load balancer's use",
      quantity: assume("loadBalancer.capacityUnits") * hours,
      price: "alb.capacity",
      assumes: ["loadBalancer.capacityUnits"],
    },
    ...(inputs["internal"] === true
      ? []
      : [{ what: `public IPv4 in ${zones} zones`, quantity: zones * hours, price: "ipv4.hour" as const }]),
  ];
};
