export interface NginxConfiguration {
  /** Name and port under which Docker's own DNS knows the replicas. */
  readonly upstream: { readonly host: string; readonly port: number };
  readonly domain: string;
  /** Port in the address a browser uses, for the redirect from plain HTTP. */
  readonly httpsPort: number;
  /** Days that static files stay in the cache after nobody asked for them. Absent: no cache. */
  readonly assetCacheDays?: number;
  /** Folder with `fullchain.pem` and `privkey.pem`. */
  readonly certificate: string;
  readonly certificateKey: string;
  /** Requests a second and address, above which the answer is 429. */
  readonly requestsPerSecond: number;
  readonly maxBodyMb: number;
}

/** Ports inside the container: a user without privileges cannot have 80 and 443. */
export const nginxPorts = { http: 8080, https: 8443 } as const;

/**
 * nginx.conf of the entrance. Protocols and ciphers follow Mozilla's "intermediate" profile, version 5.7:
 * https://wiki.mozilla.org/Security/Server_Side_TLS
 */
export function nginxConfiguration(args: NginxConfiguration): string {
  const port = args.httpsPort === 443 ? "" : `:${args.httpsPort}`;
  const cache = args.assetCacheDays === undefined ? "" : assetCache(args.assetCacheDays);
  return `worker_processes auto;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
# In-flight requests get this long when the container stops.
worker_shutdown_timeout 30s;

events {
  worker_connections 4096;
}

http {
  server_tokens off;
  client_body_temp_path /tmp/client-body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  log_format json escape=json '{"time":"$time_iso8601","status":$status,"method":"$request_method","path":"$uri",'
    '"seconds":$request_time,"bytes":$bytes_sent,"upstream":"$upstream_addr","requestId":"$request_id","cache":"$upstream_cache_status"}';
  access_log /dev/stdout json;

  # Replicas come and go with each release; Docker answers at once, so asking again costs nothing.
  resolver 127.0.0.11 valid=1s ipv6=off;
  resolver_timeout 2s;

  client_max_body_size ${args.maxBodyMb}m;
  client_header_timeout 15s;
  client_body_timeout 30s;
  keepalive_timeout 65s;
  limit_req_zone $binary_remote_addr zone=requests:10m rate=${args.requestsPerSecond}r/s;
  limit_req_status 429;

  # The only place that compresses: the application does not, and RSC payloads are text too.
  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 1024;
  gzip_types text/plain text/css text/xml text/x-component application/javascript application/json application/xml image/svg+xml;
${cache}
  map $http_upgrade $connection_upgrade {
    default upgrade;
    "" "";
  }

  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header Upgrade $http_upgrade;
  # Set, not added to: what the client claims about itself is not passed on.
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto https;
  proxy_set_header X-Request-Id $request_id;
  proxy_connect_timeout 2s;
  proxy_read_timeout 60s;
  # A replica that has just left refuses the connection; nothing was sent yet, so the next one gets the request.
  proxy_next_upstream error timeout;
  proxy_next_upstream_tries 3;
  proxy_next_upstream_timeout 10s;

  server {
    listen ${nginxPorts.http};
    location = /nginx-health {
      access_log off;
      return 200;
    }
    location / {
      return 308 https://$host${port}$request_uri;
    }
  }

  server {
    listen ${nginxPorts.https} ssl;
    http2 on;
    server_name ${args.domain};

    ssl_certificate ${args.certificate};
    ssl_certificate_key ${args.certificateKey};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;

    # One HSTS header, whatever the application says.
    proxy_hide_header Strict-Transport-Security;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;

    set $replicas ${args.upstream.host}:${args.upstream.port};
    limit_req zone=requests burst=${args.requestsPerSecond * 4} nodelay;
${args.assetCacheDays === undefined ? "" : cachedAssets(args.assetCacheDays)}
    location / {
      proxy_pass http://$replicas;
    }
  }
}
`;
}

function assetCache(days: number): string {
  return `
  # On a volume: files of earlier releases outlive the replicas that made them.
  proxy_cache_path /var/cache/nginx levels=1:2 keys_zone=assets:20m max_size=2g inactive=${days}d use_temp_path=off;
`;
}

function cachedAssets(days: number): string {
  return `
    # The file's name holds the hash of its content: the query (?dpl=...) changes nothing of it.
    location /_next/static/ {
      proxy_pass http://$replicas;
      proxy_cache assets;
      proxy_cache_key $uri;
      proxy_cache_valid 200 ${days}d;
      proxy_cache_lock on;
      proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
      # Compressed here, once: the cache holds one form of each file.
      proxy_set_header Accept-Encoding "";
    }
`;
}
