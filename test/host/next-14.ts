/** A Next.js 14 application with a Prisma client, as its own image: what Next.js' public Docker example makes of it. */
export const next14 = (base: string) => ({
  files: {
    "package.json": JSON.stringify({
      private: true,
      dependencies: {
        next: "14",
        react: "18",
        "react-dom": "18",
        "@prisma/client": "6",
        "@prisma/adapter-pg": "6",
        pg: "8",
      },
      devDependencies: { prisma: "6" },
    }),
    "next.config.mjs": `
      const serverComponentsExternalPackages = ["@prisma/client", "@prisma/adapter-pg", "pg"];
      // The client reads its query compiler when it first asks, which no trace of imports finds.
      const outputFileTracingIncludes = { "/": ["node_modules/.prisma/client/**", "node_modules/@prisma/client/runtime/**"] };
      export default {
        output: "standalone",
        experimental: { serverComponentsExternalPackages, outputFileTracingIncludes },
      };
    `,
    "prisma/schema.prisma": `
      generator client {
        provider   = "prisma-client-js"
        engineType = "client"
      }
      datasource db {
        provider = "postgresql"
        url      = env("DATABASE_URL")
      }
      model Purchase {
        id   Int    @id @default(autoincrement())
        name String
      }
    `,
    "lib/database.js": `
      import { readFileSync } from "node:fs";
      import { PrismaPg } from "@prisma/adapter-pg";
      import { PrismaClient } from "@prisma/client";
      let client;
      export const database = () => (client ??= open());
      function open() {
        const { hostname: host, port, username, pathname } = new URL(process.env.DATABASE_URL);
        const password = () => readFileSync(process.env.DATABASE_PASSWORD_FILE, "utf8").trim();
        const address = { host, port: Number(port || 5432), user: username, database: pathname.slice(1) };
        return new PrismaClient({ adapter: new PrismaPg({ ...address, password }) });
      }
    `,
    "app/layout.jsx": `
      export default function Layout({ children }) {
        return <html lang="en"><body>{children}</body></html>;
      }
    `,
    "app/page.jsx": `
      import { database } from "../lib/database";
      export const dynamic = "force-dynamic";
      export default async function Page() {
        const [{ name }] = await database().purchase.findMany();
        return <p>{"Next.js 14 as " + process.getuid() + " sold " + name}</p>;
      }
    `,
    "app/healthz/route.js": `
      export const dynamic = "force-dynamic";
      export const GET = () => new Response("ok");
    `,
    "migrate.cjs": `
      const { readFileSync } = require("node:fs");
      const { Client } = require("pg");
      const { hostname: host, port, username: user, pathname } = new URL(process.env.DATABASE_URL);
      const password = readFileSync(process.env.DATABASE_PASSWORD_FILE, "utf8").trim();
      const client = new Client({ host, port: Number(port || 5432), user, database: pathname.slice(1), password });
      (async () => {
        await client.connect();
        await client.query('create table if not exists "Purchase" (id serial primary key, name text not null)');
        await client.query('insert into "Purchase" (name) values ($1)', ["tea"]);
        await client.end();
      })();
    `,
    Dockerfile: `FROM ${base}
WORKDIR /site
ENV NODE_ENV=production HOSTNAME=0.0.0.0
COPY .next/standalone ./
COPY .next/static ./.next/static
COPY migrate.cjs ./
CMD ["node", "server.js"]
`,
    ".dockerignore": "node_modules\n",
  },
  prepare: [
    "npm install --no-audit --no-fund --silent --ignore-scripts",
    // The client has no engine of its own; what would be downloaded is for migrations, which Prisma does not run here.
    "PRISMA_SCHEMA_ENGINE_BINARY=/bin/true DATABASE_URL=postgres://none/none npx prisma generate",
    "NEXT_TELEMETRY_DISABLED=1 NODE_ENV=production npx next build",
  ],
  service: {
    health: { live: "/healthz", ready: "/healthz" },
    writable: ["/site/.next/cache"],
    migration: ["node", "migrate.cjs"],
  },
  more: { database: {}, cdn: { implementation: "nginx" } },
  page: /Next\.js 14 as 1001 sold tea/,
});
