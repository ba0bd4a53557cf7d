import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { child as childOf, type Transform, type ChildTransforms, transforming } from "../shared/transform";
import type { DockerNetwork } from "./contract";

export interface DockerNetworksArgs {
  /** Changes to the children, before they are created. @default none @example see {@link Transform} */
  readonly transform?: ChildTransforms & {
    readonly edge?: Transform<docker.NetworkArgs>;
    readonly internal?: Transform<docker.NetworkArgs>;
  };
}

/**
 * Two bridge networks on one Docker host: `edge` has egress, `internal` has none, so that a database can neither be
 * reached from nor reach the internet. Free.
 *
 * @example const network = new DockerNetworks("shop");
 */
export class DockerNetworks extends pulumi.ComponentResource implements DockerNetwork {
  readonly edge: pulumi.Output<string>;
  readonly internal: pulumi.Output<string>;

  constructor(name: string, args: DockerNetworksArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:DockerNetworks", name, {}, transforming(opts, args.transform));
    const parent = { parent: this };
    const edge = new docker.Network(
      ...childOf(`${name}-edge`, { name: `${name}-edge`, driver: "bridge" }, parent, args.transform?.edge),
    );
    const internal = new docker.Network(
      ...childOf(
        `${name}-internal`,
        { name: `${name}-internal`, driver: "bridge", internal: true },
        parent,
        args.transform?.internal,
      ),
    );
    this.edge = edge.name;
    this.internal = internal.name;
    this.registerOutputs({ edge: this.edge, internal: this.internal });
  }

  /** Networks that exist on the host, by name. `internal` should have been made with `--internal`. */
  static get(
    _name: string,
    args: { readonly edge: pulumi.Input<string>; readonly internal: pulumi.Input<string> },
  ): DockerNetwork {
    return { edge: pulumi.output(args.edge), internal: pulumi.output(args.internal) };
  }
}
