import { AwsEncryptionKey, AwsS3Storage, AwsSecretsManager } from "slipway/aws";

// What holds data and secrets, without anything that runs.
const key = new AwsEncryptionKey("key", { region: "eu-central-1", edge: false, protect: true });
const secrets = new AwsSecretsManager("secrets", {
  keyArn: key.arn,
  secrets: { AUTH_SECRET: { from: "generate", bytes: 32 } },
});
const uploads = new AwsS3Storage("uploads", { region: "eu-central-1", protect: true });

export const bucket = uploads.bucket;
export const variables = Object.keys(secrets.refs);
