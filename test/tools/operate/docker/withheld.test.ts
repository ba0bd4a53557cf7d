import { deepEqual } from "node:assert/strict";
import { withheld } from "../../../../tools/operate/docker/withheld";

describe("what a migration gets of a replica", () => {
  const environment = [
    "AUTH_SECRET_FILE=/run/secrets/auth-secret/value",
    "ENCRYPTION_KEY=in=plain",
    "ENCRYPTION_KEY_NAME=kept",
    "DATABASE_PASSWORD_FILE=/run/secrets/database-password/value",
  ];
  const mounts = ["/run/secrets/auth-secret", "/run/secrets/database-password", "/data"].map((Target) => ({ Target }));

  it("is without the variables that are withheld, and without the files that they name", () => {
    deepEqual(withheld(["AUTH_SECRET", "ENCRYPTION_KEY"], { environment, mounts }), {
      environment: environment.slice(2),
      mounts: mounts.slice(1),
    });
  });

  it("is all of it where nothing is withheld", () => {
    deepEqual(withheld([], { environment, mounts }), { environment, mounts });
  });
});
