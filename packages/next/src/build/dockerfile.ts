import type { Manager } from './project.js'

interface ImageOptions {
  manager: Manager
  /** Of the application, below the root of its workspace. Empty when it stands alone. */
  folder: string
  publicVariables: string[]
  /** A command before the build: packages of the workspace that are built first. */
  before?: string
}

const secrets = '--mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=ca'
const authority = 'if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi'

/**
 * In a shell: what the file says becomes the environment, read as Next.js and Node.js read such a file. A shell that read it
 * itself would end `postgres://shop?a=1&b=2` at the `&`, and run the second word of a value with a space.
 */
export const exportsOf = (file: string) =>
  `eval "$(node -e 'const q = String.fromCharCode(39); for (const [name, value] of Object.entries(require("util").parseEnv(require("fs").readFileSync("${file}", "utf8")))) console.log("export " + name + "=" + q + value.replaceAll(q, q + "\\\\" + q + q) + q)')"`

export function dockerfile({ manager, folder, publicVariables, before }: ImageOptions): string {
  const setup = manager.setup
    ? `RUN --mount=type=cache,target=/root/.npm ${secrets} \\
    ${authority}; \\
    ${manager.setup} --no-audit --no-fund
`
    : ''
  return `# Written by \`npx slipway-next init\`; yours from here on.
# Pin the base by digest in your pipeline: --build-arg NODE_IMAGE=node:24-slim@sha256:...
ARG NODE_IMAGE=node:24-slim
ARG BASE=slim

FROM \${NODE_IMAGE} AS build
WORKDIR /build
# Secrets of the build never become part of a layer: \`npmrc\` for a private registry, \`ca\` for networks that re-sign TLS.
${setup}COPY . .
RUN --mount=type=cache,target=${manager.cache} ${secrets} \\
    ${authority}; \\
    ${manager.install}
# Without one it is made of what is built and by what: a changed build has another, the same build the same.
ARG DEPLOYMENT_ID
ARG SOURCE_DATE_EPOCH
# Next.js writes NEXT_PUBLIC_ variables into what browsers get: they are of the build, not of the environment it runs in.
${publicVariables.map((name) => `ARG ${name}\n`).join('')}# \`build_env\`: a file of NAME=value lines that the build needs. \`server_actions_key\`: the key that encrypts what server
# actions close over, the same for every build, or pages of the last release cannot call actions of this one.
RUN --mount=type=secret,id=build_env --mount=type=secret,id=server_actions_key ${secrets} \\
    ${authority}; \\
    if [ -s /run/secrets/build_env ]; then ${exportsOf('/run/secrets/build_env')}; fi; \\
    if [ -s /run/secrets/server_actions_key ]; then export NEXT_SERVER_ACTIONS_ENCRYPTION_KEY="$(cat /run/secrets/server_actions_key)"; fi; \\
    sources() { find /build \\( -name node_modules -o -name .next \\) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum; \\
      find /build \\( -name node_modules -o -name .next \\) -prune -o -type l -exec sh -c 'echo "$1 $(readlink "$1")"' _ {} \\; | sort; \\
      node --version; env | grep -E '^(NEXT_PUBLIC_|NEXT_SERVER_ACTIONS_ENCRYPTION_KEY=)' | sort; }; \\
    export NEXT_TELEMETRY_DISABLED=1 DEPLOYMENT_ID="\${DEPLOYMENT_ID:-$(sources | sha256sum | cut -c1-16)}"; \\
    ${before ? `${before} && \\\n    ` : ''}${folder ? `cd ${folder} && ` : ''}npx slipway-next build \\
    # Compiled code is kept for the user whose id its folder ends in: root builds it here, 1001 runs it.
    && for compiled in $(find .next/standalone -path '*/.compiled/*-0' -prune); do chmod -R a+rX "$compiled" && mv "$compiled" "\${compiled%-0}-1001"; done \\
    && mv .next/standalone /standalone \\
    && find /standalone -exec touch -h -d "@\${SOURCE_DATE_EPOCH:-0}" {} +

# BASE=stripped: Node.js, what it and the native add-ons of the application (sharp, for one) are linked with, certificates,
# time zones; no shell, no package manager. Look into a running one with an ephemeral container.
FROM \${NODE_IMAGE} AS slim
FROM \${NODE_IMAGE} AS parts
COPY --from=build /standalone /standalone
RUN mkdir -p /parts/tmp /parts/etc && chmod 1777 /parts/tmp && node=$(command -v node) \\
    && linked() { find "$node" /standalone -type f \\( -perm /111 -o -name '*.node' -o -name '*.so*' \\) -exec ldd {} \\; 2>/dev/null; } \\
    && cp --parents -L "$node" $(linked | grep -o '/[^ ]*' | grep -v '^/standalone/' | sort -u) /parts \\
    && for path in /etc/ssl/certs /usr/share/ca-certificates /usr/share/zoneinfo /etc/nsswitch.conf; do if [ -e $path ]; then cp -a --parents $path /parts; fi; done \\
    && printf 'root:x:0:0::/root:/sbin/nologin\\napp:x:1001:1001::/tmp:/sbin/nologin\\n' > /parts/etc/passwd
FROM scratch AS stripped
COPY --from=parts /parts /
ENV PATH=/usr/local/bin:/usr/bin
FROM \${BASE}
ARG REVISION=unknown
ARG VERSION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.revision=$REVISION \\
      org.opencontainers.image.version=$VERSION \\
      org.opencontainers.image.source=$SOURCE
ENV NODE_ENV=production \\
    RELEASE=$VERSION \\
    HOSTNAME=:: \\
    MALLOC_ARENA_MAX=2 \\
    PORT=3000 \\
    NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
# Owned by root and read-only to the process.
COPY --from=build /standalone ./
# All that may be written with a read-only root.
VOLUME /tmp
USER 1001:1001
EXPOSE 3000 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/api/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# The same image migrates with ["node", "migrate.js"] and copies static files to a CDN with ["node", "publish-assets.js"].
CMD ["node", "--max-semi-space-size=32", "server.js"]
`
}

/** What stays out, rather than what comes in: an application's own folders are its own affair. */
export const dockerignore = `# Written by \`npx slipway-next init\`. What stays out of the build.
**/node_modules
**/.next
**/.turbo
**/.git
**/.github
**/.env*
!**/.env.example
**/.DS_Store
**/*.log
**/*.pem
**/*.key
**/*.tsbuildinfo
**/coverage
**/playwright-report
**/test-results
**/.data
Dockerfile*
.dockerignore
`
