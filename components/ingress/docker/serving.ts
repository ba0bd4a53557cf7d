/** While nginx serves an older configuration because it refused the newer one. */
export const refused = "/tmp/refused";

const errors = "/tmp/errors";

/** What nginx is told where there may be an issued certificate or not yet: links to one of the two pairs. */
export const chosen = { certificate: "/tmp/certificate.pem", key: "/tmp/certificate-key.pem" } as const;

/**
 * Runs nginx and looks at its files each second. What changed is read again once it has been still for a second, and
 * only if `nginx -t` accepts it: a certificate and its key do not arrive at the same moment. With `issued`, that pair is
 * taken when it is there and nginx can read it, the other until then. Its log of errors has no format of its own and names
 * whole URLs: their queries, which may hold tokens, are taken out of it.
 */
export function servingScript(
  certificate: string,
  key: string,
  issued?: { readonly certificate: string; readonly key: string },
): string {
  const nginx = "nginx -c /etc/slipway/nginx.conf";
  const watched = [certificate, key, ...(issued ? [issued.certificate, issued.key] : [])];
  const link = (pair: { readonly certificate: string; readonly key: string }) =>
    `ln -sfn '${pair.certificate}' ${chosen.certificate}; ln -sfn '${pair.key}' ${chosen.key}`;
  const own = { certificate, key };
  const choose = issued
    ? `choose() { if [ -s '${issued.certificate}' ] && [ -s '${issued.key}' ]; then ${link(issued)}; else ${link(own)}; fi; }
choose
${nginx} -t -q || { ${link(own)}; }
`
    : "";
  return `version() { cat /etc/slipway/*.conf /etc/slipway/*.html ${watched.map((path) => `'${path}'`).join(" ")} 2>/dev/null | cksum; }
rm -f ${refused}
${choose}served=$(version) last=$served rejected=
rm -f ${errors}
mkfifo ${errors}
unbuffered=; sed -u '' </dev/null 2>/dev/null && unbuffered=-u
sed $unbuffered 's/?[^" ]*/?/g' <${errors} >&2 & filter=$!
${nginx} -g 'daemon off;' 2>${errors} & pid=$!
trap 'kill -QUIT $pid' QUIT TERM
trap 'kill -HUP $pid' HUP
while kill -0 $pid 2>/dev/null; do
  sleep 1 & wait $!
  now=$(version)
  if [ "$now" = "$served" ]; then
    rm -f ${refused}
  elif [ "$now" = "$last" ] && [ "$now" != "$rejected" ]; then
${issued ? "    choose\n" : ""}    if ${nginx} -t -q; then
      kill -HUP $pid
      served=$now rejected=
      rm -f ${refused}
      echo 'configuration or certificate changed: read again' >&2
    else
      rejected=$now
      : >${refused}
    fi
  fi
  last=$now
done
wait $pid; status=$?
wait $filter
exit $status`;
}
