import * as pulumi from "@pulumi/pulumi";
import { defaultAssetPath, tcp } from "../contract";

export interface HaproxyConfiguration {
  /** Names of the replicas' containers, which Docker's DNS knows. */
  readonly replicas: readonly pulumi.Input<string>[];
  readonly port: number;
  readonly domain: string;
  /** Asked each second; 200 means that the replica may get requests. Or `tcp`: that its port takes a connection. */
  readonly readyPath: string;
  /** What the names of static files begin with. Default: {@link defaultAssetPath}. */
  readonly assetPath?: string;
}

/** Inside the container, on its loopback address alone. */
export const routerPorts = { health: 8081, admin: 9999 } as const;

/**
 * Where nginx finds the router: a socket on a volume of both, since a name would have to be asked for, and a request that waits
 * for Docker's DNS fails with it. Each router has a socket of its own; `current` links to the one in charge.
 */
export const routerSocket = { folder: "/run/slipway-router", current: "/run/slipway-router/current.sock" } as const;

/** What a driver of `slipway release` addresses in the router. */
export const routing = {
  adminPort: routerPorts.admin,
  /** Servers without an address, which a release in progress fills in: as many replicas as it can have. */
  candidates: Array.from({ length: 20 }, (_, index) => `c${index + 1}`),
  /** Table whose entries a release renews: when nobody does, they expire and every request goes to the stable release. */
  lease: "lease",
  leaseSeconds: 30,
  /** Map from deployment id to `stable` or `candidate`, which a release in progress fills in. */
  deployments: "/etc/slipway/deployments.map",
  /** Header that chooses the candidate by name, and the one that says in a response who gave it. */
  header: "x-slipway-release",
  cookie: "slipway-release",
} as const;

/**
 * haproxy.cfg of the router between nginx and the replicas: health checks, retries that are safe, and the share of a
 * release in progress. The stable release is this file's; the candidate and its share come at run time.
 */
export function haproxyConfiguration(args: HaproxyConfiguration): pulumi.Output<string> {
  const stable = args.replicas.map(
    (name, index) => pulumi.interpolate`  server r${index + 1} ${name}:${args.port} check`,
  );
  const candidates = routing.candidates.map((name) => `  server ${name} 127.0.0.1:1 check disabled`);
  // A server of its own address, since one that follows another's check keeps an address of its own.
  const assets = args.replicas.map(
    (name, index) => pulumi.interpolate`  server r${index + 1} ${name}:${args.port} track stable/r${index + 1}`,
  );
  const assetCandidates = routing.candidates.map((name) => `  server ${name} 127.0.0.1:1 track candidate/${name}`);
  const check =
    args.readyPath === tcp
      ? "  # A connection is enough."
      : `  option httpchk
  http-check send meth GET uri ${args.readyPath} ver HTTP/1.1 hdr Host ${args.domain}
  http-check expect status 200`;

  return pulumi.interpolate`global
  log stdout format raw local0 notice
  stats socket ipv4@127.0.0.1:${routerPorts.admin} level admin
  maxconn 4096
  # The budget of headers: docs/docker.md#limits.
  tune.bufsize 65536
  tune.http.maxhdr 256

defaults
  mode http
  log global
  # What failed is logged, as an error; without the query, which may hold a token.
  option dontlog-normal
  option log-separate-errors
  log-format "%ci %ST %tsc %HM %HPO %b/%s queue %Tw connect %Tc answer %Tr total %Ta retries %rc"
  option http-no-delay
  # Nothing was sent yet when a connection is refused: such a request goes to another replica, a POST too.
  option redispatch 1
  retries 3
  retry-on conn-failure
  timeout connect 1s
  timeout queue 5s
  timeout http-request 15s
  timeout client 75s
  timeout server 75s
  timeout tunnel 1h
  timeout check 2s
  http-error status 502 content-type text/html file /etc/slipway/error.html hdr cache-control no-store
  http-error status 503 content-type text/html file /etc/slipway/error.html hdr cache-control no-store hdr retry-after 5
  http-error status 504 content-type text/html file /etc/slipway/error.html hdr cache-control no-store
  default-server inter 1s fastinter 500ms downinter 500ms fall 2 rise 1 resolvers docker resolve-prefer ipv4 init-addr last,libc,none

resolvers docker
  nameserver docker 127.0.0.11:53
  resolve_retries 2
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
  # While Docker's daemon is away or busy, replicas are where they were; health checks say when they are not.
  hold timeout 24h
  hold refused 24h
  hold other 24h
  hold nx 1m

frontend health
  bind 127.0.0.1:${routerPorts.health}
  monitor-uri /health
  monitor fail if { nbsrv(stable) eq 0 }

frontend web
  bind "unix@${routerSocket.folder}/\${HOSTNAME}.sock" mode 666 backlog 4096
  acl candidate_up nbsrv(candidate) gt 0
  acl asset path_beg ${args.assetPath ?? defaultAssetPath}
  http-request set-var(txn.to) str(stable)
  http-request set-var(txn.weight) str(weight),table_gpt0(${routing.lease})
  http-request set-var(txn.release) str(release),table_gpt0(${routing.lease})
  http-request set-var(txn.step) str(step),table_gpt0(${routing.lease})
  acl weighted var(txn.weight) -m int gt 0
  # A visitor stays with one release: with the new one until it is judged, with the old one until its share shrinks.
  http-request set-var(txn.new) str(new-),concat(,txn.release)
  http-request set-var(txn.old) str(old-),concat(,txn.release,-),concat(,txn.step)
  acl stays_new req.cook(${routing.cookie}),strcmp(txn.new) eq 0
  acl stays_old req.cook(${routing.cookie}),strcmp(txn.old) eq 0
  acl drawn rand(100),sub(txn.weight) lt 0
  http-request set-var(txn.to) str(candidate) if candidate_up weighted stays_new
  http-request set-var(txn.to) str(candidate) if candidate_up weighted !stays_new !stays_old drawn
  http-request set-var(txn.to) str(candidate) if candidate_up { req.hdr(${routing.header}) -m str candidate }
  http-request set-var(txn.to) str(candidate) if candidate_up weighted { nbsrv(stable) eq 0 }
  # What a page of one release asks for is answered by that release, while it lives: Next.js says which it is.
  http-request set-var(txn.pinned) hdr(x-deployment-id),map(${routing.deployments})
  http-request set-var(txn.pinned) urlp(dpl),map(${routing.deployments}) if !{ var(txn.pinned) -m found }
  http-request set-var(txn.to) str(candidate) if candidate_up weighted { var(txn.pinned) -m str candidate }
  http-request set-var(txn.to) str(stable) if weighted { var(txn.pinned) -m str stable } { nbsrv(stable) gt 0 }
  http-request del-header ${routing.header}
  acl page method GET
  acl page_accepted req.hdr(accept) -m sub text/html
  http-request set-var(txn.page) bool(true) if page page_accepted !asset weighted candidate_up
  http-response add-header Set-Cookie "${routing.cookie}=%[var(txn.new)]; Path=/; HttpOnly; Secure; SameSite=Lax" if { var(txn.page) -m bool } { var(txn.to) -m str candidate } !{ var(txn.weight) -m int eq 100 }
  http-response add-header Set-Cookie "${routing.cookie}=%[var(txn.old)]; Path=/; HttpOnly; Secure; SameSite=Lax" if { var(txn.page) -m bool } { var(txn.to) -m str stable } !{ var(txn.weight) -m int eq 100 }
  http-after-response set-header ${routing.header} %[var(txn.to)]
  use_backend assets if asset METH_GET candidate_up
  use_backend candidate if { var(txn.to) -m str candidate }
  default_backend stable

backend stable
  balance leastconn
  # A replica that dies under a request: another one has the same file. Nothing else is safe to ask for twice.
  retry-on conn-failure empty-response
  http-request disable-l7-retry if !{ path_beg ${args.assetPath ?? defaultAssetPath} } or !METH_GET
${check}
${lines(stable)}

backend candidate
  balance leastconn
${check}
${lines(candidates)}

# While two releases run, either may be asked for the other's files. Not otherwise: each file that nobody has would be asked
# for eleven times.
backend assets
  balance roundrobin
  # Who is asked next is random as seen from one request: with half of the servers of its release, one in 1,000 fails.
  retries 10
  retry-on conn-failure empty-response 404
${lines(assets)}
${lines(assetCandidates)}

backend ${routing.lease}
  stick-table type string len 16 size 16 expire ${routing.leaseSeconds}s store gpt0
`;
}

function lines(all: readonly pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all([...all]).apply((each) => each.join("\n"));
}
