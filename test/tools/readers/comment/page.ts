import { marked } from "marked";

/** A comment as a forge would show it, near enough to judge it by eye: GitHub's measures, colours and alerts. */
export function commentPage(markdown: string, theme: "light" | "dark" = "light"): string {
  const body = marked
    .parse(markdown, { gfm: true, async: false })
    .replace(
      /<blockquote>\s*<p>\[!(CAUTION|WARNING|NOTE)\]\s*/g,
      (_, kind: string) =>
        `<blockquote class="${kind.toLowerCase()}"><p><b>${kind[0]}${kind.slice(1).toLowerCase()}</b></p><p>`,
    )
    .replace(
      /<code class="language-diff">([\s\S]*?)<\/code>/g,
      (_, code: string) => `<code>${code.split("\n").map(coloured).join("\n")}</code>`,
    );
  return `<!doctype html><html data-theme="${theme}"><meta charset="utf-8"><style>${css}</style><body><article>${body}</article></body></html>`;
}

function coloured(line: string): string {
  const kind = { "+": "add", "-": "del", "!": "mod" }[line[0] ?? ""];
  return kind ? `<span class="${kind}">${line}</span>` : line;
}

const css = `
:root{--bg:#fff;--fg:#1f2328;--muted:#59636e;--border:#d1d9e0;--code:#818b981f;--pre:#f6f8fa;--link:#0969da;--add:#dafbe1;--del:#ffebe9;--mod:#fff1e5;--caution:#cf222e;--warning:#9a6700;--note:#0969da}
[data-theme=dark]{--bg:#0d1117;--fg:#f0f6fc;--muted:#9198a1;--border:#3d444d;--code:#656c7633;--pre:#151b23;--link:#4493f8;--add:#2ea04326;--del:#f8514926;--mod:#bb800926;--caution:#f85149;--warning:#d29922;--note:#4493f8}
body{margin:24px;background:var(--bg);color:var(--fg);font:14px/1.5 "Noto Sans",Helvetica,Arial,sans-serif}
article{max-width:880px;border:1px solid var(--border);border-radius:6px;padding:16px}
h3{font-size:1.25em;margin:0 0 16px;font-weight:600}
p,table,pre,ul,blockquote,details{margin:0 0 16px} ul{padding-left:2em} a{color:var(--link)}
table{border-collapse:collapse;display:block;max-width:100%;overflow:auto} th,td{border:1px solid var(--border);padding:6px 13px} th{font-weight:600}
code{font:85%/1.45 "DejaVu Sans Mono",monospace;background:var(--code);padding:.2em .4em;border-radius:6px}
pre{background:var(--pre);padding:16px;border-radius:6px;overflow:auto} pre code{background:none;padding:0}
blockquote{border-left:.25em solid var(--border);padding:0 1em;color:var(--muted)} blockquote p{margin:0 0 4px}
blockquote.caution{border-color:var(--caution);color:var(--fg)} .caution b{color:var(--caution)} blockquote.warning{border-color:var(--warning);color:var(--fg)} .warning b{color:var(--warning)} .note b{color:var(--note)}
.add{background:var(--add)} .del{background:var(--del)} .mod{background:var(--mod)} sub{font-size:75%;line-height:0;vertical-align:sub}
`;
