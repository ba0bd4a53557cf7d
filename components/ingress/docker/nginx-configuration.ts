import { defaultAssetPath, nextInternalHeaders } from "../contract";

export interface NginxConfiguration {
  /** Path of the router's socket. */
  readonly socket: string;
  readonly domain: string;
  /** Port in the address a browser uses, for the redirect from plain HTTP. */
  readonly httpsPort: number;
  /** Days that static files stay in the cache after the last request for them. Absent: no cache. */
  readonly assetCacheDays?: number;
  /** Paths of the certificate with its chain, and of its key. */
  readonly certificate: string;
  readonly certificateKey: string;
  /** Requests per second and address, above which the answer is 429. */
  readonly requestsPerSecond: number;
  /** Largest request body, in MiB. */
  readonly maxBodyMb: number;
  /** Networks of proxies in front, such as a CDN's, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** What the names of static files begin with. Default: {@link defaultAssetPath}. */
  readonly assetPath?: string;
  /** Security headers where the application said nothing: of an image without the platform. Default: false. */
  readonly securityHeaders?: boolean;
  /** Serve answers to challenges of a certificate authority, out of {@link acmeFolder}. Default: false. */
  readonly acme?: boolean;
  /** HTML for what is answered here: no router, maintenance. */
  readonly errorPage: string;
  /** Counts of connections for an exporter, on a port of its own that is not published. Default: false. */
  readonly status?: boolean;
  /** HTTP/3 beside HTTP/2, over UDP on the same port. Default: false. */
  readonly http3?: boolean;
  /** Path of a file with `name:password` lines. Absent: the site is open. */
  readonly basicAuth?: string;
}

/** Where the folder with `.well-known/acme-challenge/` is mounted. */
export const acmeFolder = "/var/lib/slipway-acme";

/** While this file is there, everybody gets the error page: `slipway maintenance`. */
export const maintenanceFlag = "/var/lib/slipway/maintenance";

/** Ports inside the container: a user without privileges cannot have 80 and 443. */
export const nginxPorts = { http: 8080, https: 8443, health: 8081, status: 8082 } as const;

/** Of each worker process. */
export const nginxWorkerConnections = 4096;

/** Files by name, to be mounted at `/etc/slipway`. */
export function nginxConfiguration(args: NginxConfiguration): Readonly<Record<string, string>> {
  return {
    "nginx.conf": main(args),
    "proxy-headers.conf": proxyHeaders(args),
    "response-headers.conf": responseHeaders(args),
    "error.html": args.errorPage,
  };
}

/** By which a client could claim an address, a host, a scheme, a path or a method: some library or framework reads each. */
const claims = [
  ...["Forwarded", "X-Forwarded", "Forwarded-For", "X-Original-Forwarded-For", "X-Forwarded-Port"],
  ...["X-Forwarded-Prefix", "X-Forwarded-Server", "X-Forwarded-Scheme", "X-Forwarded-Protocol", "X-Forwarded-Ssl"],
  ...["X-Url-Scheme", "Front-End-Https", "CloudFront-Forwarded-Proto", "CloudFront-Viewer-Address"],
  ...["True-Client-IP", "X-Client-IP", "Client-IP", "X-Cluster-Client-IP", "Proxy-Client-IP", "WL-Proxy-Client-IP"],
  ...["CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "Fastly-Client-IP", "Fly-Client-IP"],
  ...["DO-Connecting-IP", "X-Appengine-User-IP", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Envoy-External-Address"],
  ...["X-Vercel-Forwarded-For", "X-NF-Client-Connection-IP", "X-Remote-IP", "X-Remote-Addr", "X-Originating-IP"],
  ...["X-Original-URL", "X-Rewrite-URL", "X-Override-URL", "X-Original-Host", "X-Host"],
  ...["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Amzn-Trace-Id"],
  // https://httpoxy.org
  "Proxy",
  "TE",
] as const;

/**
 * What is sent to the application, in each location by `include`: nginx drops every inherited `proxy_set_header` where a
 * location has one of its own. What a client claims is replaced or cleared. So is the password of a site that is not for
 * everybody: it is nginx's.
 */
const proxyHeaders = ({ basicAuth }: NginxConfiguration) => `proxy_http_version 1.1;
proxy_set_header Host $public_host;
proxy_set_header Connection $connection_upgrade;
proxy_set_header Upgrade $websocket;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Host $public_host;
proxy_set_header X-Forwarded-Proto https;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Request-Id $request_id;
${[...claims, ...nextInternalHeaders, ...(basicAuth === undefined ? [] : ["Authorization"])]
  .map((name) => `proxy_set_header ${name} "";\n`)
  .join("")}`;

/** One HSTS header, whatever the application says. In each location by `include`, for the same reason. */
const responseHeaders = ({ securityHeaders = false, http3 = false, httpsPort }: NginxConfiguration) =>
  `add_header Strict-Transport-Security "max-age=63072000" always;
${
  // A browser that has seen it tries UDP next time, and TCP where that does not get through.
  http3 ? `add_header Alt-Svc 'h3=":${httpsPort}"; ma=86400' always;\n` : ""
}${
    securityHeaders
      ? Object.entries(defaultHeaders)
          .map(([name]) => `add_header ${name} $default_${variable(name)} always;\n`)
          .join("")
      : ""
  }`;

/** What a site wants that said nothing else. No Content-Security-Policy: only the application knows its scripts. */
const defaultHeaders = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
} as const;

const variable = (header: string) => header.toLowerCase().replaceAll("-", "_");

const headersUnlessSaid = () =>
  Object.entries(defaultHeaders)
    .map(
      ([name, value]) => `  map $upstream_http_${variable(name)} $default_${variable(name)} {
    "" "${value}";
    default "";
  }
`,
    )
    .join("");

/**
 * nginx.conf of the ingress. Protocols and ciphers follow Mozilla's "intermediate" profile, version 5.7:
 * https://wiki.mozilla.org/Security/Server_Side_TLS
 */
function main(args: NginxConfiguration): string {
  const port = args.httpsPort === 443 ? "" : `:${args.httpsPort}`;
  const cached = args.assetCacheDays !== undefined;
  return `worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
# After a reload, streams that are open go on for so long in the old workers.
worker_shutdown_timeout 1h;
worker_rlimit_nofile 16384;

events {
  worker_connections ${nginxWorkerConnections};
}

http {
  server_tokens off;
  client_body_temp_path /tmp/client-body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  # The path as it was sent, without the query, which may hold a token.
  map $request_uri $raw_path {
    "~^(?<path_sent>[^?]*)" $path_sent;
  }
  log_format json escape=json '{"time":"$time_iso8601","status":$status,"method":"$request_method","host":"$host","path":"$raw_path",'
    '"client":"$remote_addr","agent":"$http_user_agent","protocol":"$server_protocol","seconds":$request_time,"headerSeconds":"$upstream_header_time",'
    '"bytes":$bytes_sent,"bodyBytes":"$upstream_response_length","contentLength":"$upstream_http_content_length","upstream":"$upstream_addr","upstreamStatus":"$upstream_status","release":"$upstream_http_x_slipway_release","requestId":"$request_id","cache":"$upstream_cache_status"}';
  access_log /dev/stdout json;

  # A socket and no name: nothing here waits for Docker's DNS. No connection is kept, so none is closed while it is used.
  upstream router {
    server unix:${args.socket};
  }

  # The budget of headers: docs/docker.md#limits.
  large_client_header_buffers 4 16k;
  client_header_timeout 15s;
  client_body_timeout 30s;
  client_max_body_size ${args.maxBodyMb}m;
  keepalive_timeout 65s;
${realAddress(args.trustedProxies)}  # Limits count one household or one server, which has a whole /64 of IPv6.
  map $remote_addr $visitor {
    default $binary_remote_addr;
    "~^(?<network>(?:[0-9a-f]+:){4})" $network;
    "~^(?<network>[0-9a-f:]*::(?:[0-9a-f]+:)*?)(?:[0-9a-f]+:){0,3}[0-9a-f]*$" $network;
  }
  limit_req_zone $visitor zone=requests:10m rate=${args.requestsPerSecond}r/s;
  limit_req_status 429;
  # Requests at the same time: each slow upload is one.
  limit_conn_zone $visitor zone=connections:10m;
  limit_conn_status 429;
  # The access log has each of them: a flood is not to be written twice.
  limit_req_log_level info;
  limit_conn_log_level info;

  # The only place that compresses: the application does not, and RSC payloads are text too. What is streamed is
  # compressed and sent on piece by piece.
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 1024;
  gzip_types text/plain text/css text/xml text/x-component text/javascript application/javascript application/json application/xml image/svg+xml;
${cached ? assetCache(args.assetCacheDays, args.assetPath ?? defaultAssetPath) : ""}${args.securityHeaders === true ? headersUnlessSaid() : ""}
  map $http_upgrade $websocket {
    default "";
    "~*^websocket$" websocket;
  }
  map $websocket $connection_upgrade {
    default "";
    websocket upgrade;
  }
  # By the header alone a request with an absolute URL could name one host for nginx and another for the application.
  map $http_host $public_host {
    default "${args.domain}${port}";
    "${args.domain}" "${args.domain}";
  }

  proxy_connect_timeout 2s;
  # Later than the router's 75 s: it is the router that answers then, and says which release it waited for.
  proxy_read_timeout 80s;
  proxy_send_timeout 80s;
  # Response headers up to this size: a policy with many hashes, several cookies.
  proxy_buffer_size 32k;
  proxy_buffers 8 32k;
  # The application steers nothing in here by a header.
  proxy_ignore_headers ${ignored};
  proxy_hide_header X-Slipway-Release;
${args.http3 ? "  proxy_hide_header Alt-Svc;\n" : ""}  proxy_hide_header Strict-Transport-Security;

  # For the container's own health check.
  server {
    listen 127.0.0.1:${nginxPorts.health};
    access_log off;
    return 200;
  }

${args.status ? statusServer : ""}  server {
    listen ${nginxPorts.http} default_server;
    return 421;
  }

  server {
    listen ${nginxPorts.http};
    server_name ${args.domain};
${args.acme ? acmeChallenge : ""}    location / {
      return 308 https://${args.domain}${port}$request_uri;
    }
  }

  ssl_certificate ${args.certificate};
  ssl_certificate_key ${args.certificateKey};
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
  ssl_prefer_server_ciphers off;
  ssl_session_cache shared:tls:10m;
  ssl_session_timeout 1d;
  ssl_session_tickets off;
  http2 on;

  server {
    listen ${nginxPorts.https} ssl default_server;
${args.http3 ? `    listen ${nginxPorts.https} quic reuseport default_server;\n` : ""}    include /etc/slipway/response-headers.conf;
    return 421;
  }

  server {
    listen ${nginxPorts.https} ssl;
${args.http3 ? `    listen ${nginxPorts.https} quic;\n` : ""}    server_name ${args.domain};
    include /etc/slipway/response-headers.conf;

    limit_req zone=requests burst=${args.requestsPerSecond * 4} nodelay;
    limit_conn connections 200;
    error_page 429 @limited;
    error_page 502 503 504 /-/error;
    set $maintenance "";
    if (-f ${maintenanceFlag}) {
      set $maintenance 1;
    }
    if ($uri = /-/error) {
      set $maintenance "";
    }
    if ($maintenance) {
      return 503;
    }
${args.basicAuth === undefined ? "" : `    auth_basic "${args.domain}";\n    auth_basic_user_file ${args.basicAuth};\n`}${cached ? cachedAssets(args.assetCacheDays) : ""}
    location / {
      include /etc/slipway/proxy-headers.conf;
      # Streams stream, and an upload takes no room here: it goes to the application as it comes.
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_pass http://router;
    }

    location = /-/error {
      internal;
      auth_basic off;
      include /etc/slipway/response-headers.conf;
      add_header Cache-Control no-store always;
      add_header Retry-After 30 always;
      default_type text/html;
      alias /etc/slipway/error.html;
    }

    location @limited {
      include /etc/slipway/response-headers.conf;
      add_header Retry-After 1 always;
      return 429;
    }
  }
}
`;
}

const ignored = "X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Charset";

const statusServer = `  server {
    listen ${nginxPorts.status};
    access_log off;
    location = /stub_status {
      stub_status;
    }
    location / {
      return 404;
    }
  }

`;

/** Names of challenges are base64url: https://www.rfc-editor.org/rfc/rfc8555#section-8.3 */
const acmeChallenge = `    location ~ "^/\\.well-known/acme-challenge/[A-Za-z0-9_-]+$" {
      root ${acmeFolder};
      default_type text/plain;
    }
`;

function realAddress(trustedProxies: readonly string[]): string {
  if (trustedProxies.length === 0) return "";
  return `${trustedProxies.map((network) => `  set_real_ip_from ${network};\n`).join("")}  real_ip_header X-Forwarded-For;
  real_ip_recursive on;
`;
}

function assetCache(days: number, path: string): string {
  return `
  # On a volume: files of earlier releases outlive the replicas that made them.
  proxy_cache_path /var/cache/nginx levels=1:2 keys_zone=assets:20m max_size=2g inactive=${days}d use_temp_path=off;

  # A static file of a release, by the path as it was sent: what is matched is the key and is what the application gets.
  # Names hold letters, digits, what Next.js puts into chunks of routes, and encoded brackets; no empty part, no dots for
  # a parent, no encoded slash.
  map $request_uri $asset {
    default "";
    "~^(?<asset_path>${literal(path.replace(/\/$/, ""))}(?:/(?!\\.)(?:[A-Za-z0-9._~@+=\\$()\\[\\]-]|%5[BbDd]|%2[89]|%40)+)+)(?:\\?|$)" $asset_path;
  }
  # 1: not stored. A script or a style sheet of another type is an error page; so is HTML under any name.
  map "$upstream_status $asset $upstream_http_content_type" $is_no_asset {
    default 0;
    "~^(?!(?:.*[,:] )?200 /)" 1;
    "~ $" 1;
    "~*^.* /\\S+ text/html" 1;
    "~*^.* /\\S+\\.m?js (?!(?:text|application)/javascript)" 1;
    "~*^.* /\\S+\\.css (?!text/css)" 1;
    "~*^.* /\\S+\\.(?:json|map) (?!application/json)" 1;
    "~*^.* /\\S+\\.(?:woff2?|ttf|otf) (?!font/|application/)" 1;
    "~*^.* /\\S+\\.(?:avif|gif|ico|jpe?g|png|svg|webp) (?!image/)" 1;
  }
`;
}

const literal = (path: string) => path.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&");

function cachedAssets(days: number): string {
  return `
    set $file $asset;
    if ($uri = /-/error) {
      set $file "";
    }
    if ($file != "") {
      rewrite ^ /-/asset last;
    }
    location = /-/asset {
      internal;
      include /etc/slipway/proxy-headers.conf;
      # Nothing of one visitor's request decides what everybody gets. Compressed here, once.
      proxy_pass_request_headers off;
      proxy_pass_request_body off;
      # So it does not vary by any: nobody fills the cache with copies of one file.
      proxy_ignore_headers ${ignored} Vary;
      # What is not stored, and is read slowly, is not collected in memory: /tmp is.
      proxy_max_temp_file_size 0;
      # The query (?dpl=...) changes nothing of a file whose name holds the hash of its content.
      proxy_pass http://router$asset;
      proxy_cache assets;
      proxy_cache_key $asset;
      proxy_cache_methods GET HEAD;
      proxy_cache_valid 200 ${days}d;
      proxy_no_cache $is_no_asset;
      proxy_cache_lock on;
      proxy_cache_use_stale error timeout updating http_404 http_500 http_502 http_503 http_504;
    }
`;
}
