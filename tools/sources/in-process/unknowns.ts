import { createHash } from "node:crypto";
import { rpc } from "./sdk";
import { fingerprint } from "../../plan/fingerprint";
import type { PlanValue, Secret, Unknown } from "../../plan/plan";

/**
 * Values that are known only after deployment, inside values that are known. The engine gives up on a string as soon as
 * a part of it is unknown; here the part becomes a token that survives being put into other strings, and is found again
 * afterwards. So a policy document with an unknown ARN in it can still be judged.
 */
export class Unknowns {
  private readonly sources = new Map<string, string>();

  /**
   * A token for an output. Lower-case letters, digits and hyphens: it fits host names, ARNs and JSON. It is made of the
   * output's name, so that what a program computes from it changes with the output alone, not with what came before it.
   */
  token(urn: string, property: string): string {
    const source = `${urn}#${property}`;
    const id = createHash("sha256").update(source).digest("hex").slice(0, 12);
    this.sources.set(id, source);
    return `slipway-unknown-${id}-x`;
  }

  /** A string in which each token became a numbered hole. */
  private holes(text: string): string | Unknown {
    const found: string[] = [];
    const template = text.replace(/slipway-unknown-([0-9a-f]{12})-x/g, (token, id: string) => {
      const source = this.sources.get(id);
      if (source === undefined) return token;
      const position = found.indexOf(source);
      return `{${position === -1 ? found.push(source) - 1 : position}}`;
    });
    if (found.length === 0) return text;
    return template === "{0}" ? { $unknown: found } : { $unknown: found, template };
  }

  /** What the SDK would send to the engine, as it stands in a plan: secrets masked, unknowns named. */
  toPlan(value: unknown): PlanValue {
    if (typeof value === "string") return value === rpc.unknownValue ? { $unknown: [] } : this.holes(value);
    if (Array.isArray(value)) return value.map((item) => this.toPlan(item));
    if (typeof value !== "object" || value === null) return (value ?? null) as PlanValue;
    const special = value as Record<string, unknown>;
    switch (special[rpc.specialSigKey]) {
      case rpc.specialSecretSig:
        return mask(this.toPlan(special["value"]));
      case rpc.specialResourceSig:
        return this.toPlan(special["id"] ?? special["urn"]);
      case rpc.specialAssetSig:
      case rpc.specialArchiveSig:
        return { asset: this.toPlan(special["path"] ?? special["uri"] ?? special["text"] ?? special["assets"] ?? "") };
      default:
        return Object.fromEntries(Object.entries(special).map(([key, item]) => [key, this.toPlan(item)]));
    }
  }
}

function mask(value: PlanValue): Secret {
  return { $secret: fingerprint(value) };
}
