import { defineRule } from "../../../rule";
import { aws } from "../types";

const groups = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

export default defineRule({
  id: "s3-acl",
  title: "No access list opens a bucket or a file",
  severity: "high",
  level: "mandatory",
  appliesTo: [...aws.bucket, ...aws.bucketAcl, /^aws:s3\/(bucketObject|bucketObjectv2|objectCopy):/],
  references: ["FSBP S3.2", "FSBP S3.3", "FSBP S3.12", "CKV_AWS_20", "CKV_AWS_57"],
  why: "`authenticated-read` means anybody with an AWS account, not anybody of yours.",
  fix: "Remove the access list, and share files through the CDN or signed addresses.",
  judge(resource, { each, fail, separately }) {
    separately(
      () => {
        const acl = resource.get("acl");
        if (acl.is("public-read", "public-read-write", "authenticated-read", "website"))
          fail(acl, "The access list is public.");
      },
      () => {
        const grants = [resource.get("grants"), resource.get("accessControlPolicy", "grants")];
        each(
          grants.flatMap((list) => list.items()),
          (grant) => {
            const uri = grant.either("uri", "grantee");
            const target = uri.get("uri").present ? uri.get("uri") : uri;
            if (groups.test(target.string() ?? "")) fail(target, "The access list grants access to everybody.");
          },
        );
      },
    );
  },
});
