import { strict as assert } from "node:assert";
import { ExternalPostgres } from "../../../components/database/external-postgres";
import { record } from "../../record";

describe("ExternalPostgres", () => {
  const password = { store: "kubernetes", secret: "secrets", key: "DATABASE_PASSWORD" } as const;

  it("creates nothing and passes the address and the reference on", async () => {
    let database: ExternalPostgres | undefined;
    const plan = await record(() => {
      database = new ExternalPostgres("database", { url: "postgres://app@db.example.com:5432/app", password });
    });
    assert.equal(plan.resources.filter(({ custom }) => custom).length, 0);
    assert.deepEqual(database?.environment, {
      DATABASE_URL: "postgres://app@db.example.com:5432/app",
      DATABASE_PASSWORD: password,
      DATABASE_TLS: "verify-full",
    });
  });

  it("refuses an address with a password in it", async () => {
    await assert.rejects(
      record(() => void new ExternalPostgres("database", { url: "postgres://app:hunter2@db/app", password })),
      /holds a password/,
    );
  });
});
