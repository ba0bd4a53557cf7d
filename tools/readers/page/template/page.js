"use strict";
const stacks = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("page");

/** An element; `content` becomes text, never markup. */
function h(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...content.flat().filter((part) => part !== undefined && part !== false));
  return element;
}

function s(tag, attributes = {}, ...content) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...content.flat());
  return element;
}

const money = (usd) => (Math.abs(usd) >= 9.995 ? Math.round(usd).toLocaleString("en-US") : usd.toFixed(2));
const dollars = (usd) => (usd < 0 ? "−$" : "$") + money(Math.abs(usd));
const plain = (markdown) => markdown.replaceAll("**", "").replaceAll("`", "");
const verbs = { create: "added", update: "changed", replace: "replaced", delete: "deleted", import: "imported" };
const short = (type) => type.slice(type.lastIndexOf(":") + 1);

function show(stack) {
  [...document.querySelectorAll("[role=tab]")].forEach((tab, index) =>
    tab.setAttribute("aria-selected", stacks[index] === stack),
  );
  document.title = `${stack.stack} · Slipway`;
  main.replaceChildren(
    heading(stack),
    figures(stack),
    ...consequences(stack),
    ...(stack.components.length ? [browse(stack)] : []),
    ...graph(stack),
    ...policies(stack),
    ...costs(stack),
    notes(stack),
  );
}

function heading(stack) {
  const { outcome, failure, run } = stack;
  const count = stack.components.reduce((sum, { resources }) => sum + resources.length, 0);
  const title =
    stack.compared || failure ? `${stack.stack} ${plain(outcome.changes)}` : `${stack.stack}: ${count} resources`;
  const when = new Date(run.at).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  return h(
    "section",
    {},
    h("h1", {}, title),
    h(
      "p",
      { class: "lead" },
      [stack.project, run.commit.slice(0, 7), run.number > 0 && `run ${run.number}`, when].filter(Boolean).join(" · "),
    ),
    outcome.reasons.map((reason) =>
      h("p", { class: `reason ${outcome.gravity}`, style: "margin-top:8px" }, plain(reason)),
    ),
    failure && h("div", { class: "card", style: "margin-top:16px" }, h("pre", { class: "mono" }, failure.message)),
  );
}

/** What a reader has to know before any list of resources, in the order of the comment. */
function consequences({ relaxed, findings, renames, settings, stack }) {
  const section = (title, head, rows) =>
    rows.length > 0 && [
      h(
        "section",
        {},
        h("h2", {}, title),
        h(
          "div",
          { class: "card scroll" },
          h(
            "table",
            { class: "rows" },
            head &&
              h(
                "tr",
                {},
                head.map((name) => h("th", {}, name)),
              ),
            rows.map((cells) =>
              h(
                "tr",
                {},
                cells.map((cell) => h("td", {}, cell)),
              ),
            ),
          ),
        ),
      ),
    ];
  const grave = findings.filter(({ severity }) => severity !== "harmless");
  const last = (urn) => urn?.split("::").pop() ?? "";
  const tones = { refused: "delete", data: "delete", outage: "update" };
  return [
    section(
      "Relaxed by this change",
      undefined,
      relaxed.map(({ kind, subject, message }) => [
        h("span", { class: "mark delete" }, kind),
        h("code", {}, last(subject)),
        message,
      ]),
    ),
    section(
      "On deployment",
      undefined,
      grave.map(({ severity, setting, urn, message, remedy, link }) => [
        h("span", { class: `mark ${tones[severity]}` }, severity),
        h("code", {}, setting ?? last(urn)),
        [
          message,
          h(
            "div",
            { class: "quiet" },
            remedy,
            " ",
            /^https:/.test(link) && h("a", { href: link, rel: "noreferrer" }, "source"),
          ),
        ],
      ]),
    ),
    section(
      "Looks like a rename: add an alias",
      ["was", "is", "option"],
      renames.map(({ before, after, alias }) => [h("code", {}, before), h("code", {}, after), h("code", {}, alias)]),
    ),
    section(
      `Edited in Pulumi.${stack}.yaml`,
      ["setting", "was", "is"],
      settings.map(({ key, before, after, encrypted }) => [
        h("code", {}, key),
        encrypted ? "encrypted" : (before ?? "not set"),
        encrypted ? "encrypted anew" : (after ?? "not set"),
      ]),
    ),
  ]
    .filter(Boolean)
    .flat();
}

function figures({ components, policies, cost, compared, differenceUsd }) {
  const resources = components.flatMap((component) => component.resources);
  const changed = resources.filter(({ operation }) => verbs[operation]);
  const figure = (value, label) => h("div", { class: "figure" }, h("b", {}, value), h("span", {}, label));
  const change =
    differenceUsd === undefined
      ? "a month, at list prices"
      : differenceUsd === null
        ? "a month; the difference is not known"
        : Math.abs(differenceUsd) < 0.005
          ? "a month, as before"
          : `a month, ${differenceUsd > 0 ? "+" : "−"}$${money(Math.abs(differenceUsd))}`;
  return h(
    "section",
    { class: "figures" },
    compared && figure(String(changed.length), `of ${resources.length} resources change`),
    !compared &&
      resources.length > 0 &&
      figure(String(resources.length), `resources in ${components.length} components`),
    cost &&
      figure(
        cost.after.lines.length || cost.after.unpriced.length ? dollars(cost.after.monthlyUsd) : "$0",
        cost.after.lines.length ? change : "your own cluster or host",
      ),
    policies &&
      figure(
        String(policies.stopping),
        `policies fail, ${policies.counts.pass} pass${policies.advising ? `, ${policies.advising} only advise` : ""}`,
      ),
    policies && figure(String(policies.counts.notEvaluated), "policies not evaluated"),
  );
}

function browse(stack) {
  const panel = h("div", { class: "card", id: "detail" });
  const tree = h("div", { class: "tree" });
  const fill = (query) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (component, resource) => {
      const text = [
        component.concern,
        component.name,
        resource.label,
        resource.type,
        resource.operation,
        ...resource.inputs.flat(),
      ]
        .join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    };
    tree.replaceChildren(
      ...stack.components.map((component) => {
        const resources = component.resources.filter((resource) => fits(component, resource));
        if (resources.length === 0) return "";
        const changed = resources.some(({ operation }) => stack.compared && verbs[operation]);
        const row = (resource) =>
          h(
            "button",
            { class: "row", "data-urn": resource.urn, onclick: () => choose(component, resource) },
            h("span", { class: "name" }, resource.label),
            h("small", {}, short(resource.type)),
            stack.compared &&
              verbs[resource.operation] &&
              h("span", { class: `mark push ${resource.operation}` }, verbs[resource.operation]),
          );
        // A resource of no component is no group of one.
        if (component.resources.length === 1 && component.urn === resources[0].urn) return row(resources[0]);
        return h(
          "details",
          { class: "group", open: words.length > 0 || changed || stack.components.length < 4 },
          h(
            "summary",
            {},
            component.name,
            h("small", {}, component.implementation),
            h(
              "small",
              { class: "push" },
              [component.monthlyUsd > 0 && dollars(component.monthlyUsd), resources.length].filter(Boolean).join(" · "),
            ),
          ),
          resources.map(row),
        );
      }),
    );
    if (!tree.textContent) tree.append(h("p", { class: "quiet" }, "Nothing fits."));
  };
  const choose = (component, resource) => {
    for (const row of tree.querySelectorAll(".row")) row.setAttribute("aria-current", row.dataset.urn === resource.urn);
    panel.replaceChildren(...detail(stack, component, resource));
  };
  fill("");
  const all = stack.components.flatMap((component) => component.resources.map((resource) => [component, resource]));
  const first =
    all.find(([, { urn }]) => urn === stack.worst) ??
    // Of a preview, what costs most tells most.
    all.reduce((best, one) => (best && best[1].monthlyUsd >= one[1].monthlyUsd ? best : one), undefined);
  if (first) choose(...first);
  return h(
    "section",
    { class: "split" },
    h(
      "div",
      { class: "card" },
      h("h2", {}, "Resources"),
      h("input", {
        type: "search",
        placeholder: "Search names, types and values",
        "aria-label": "Search resources",
        oninput: (event) => fill(event.target.value),
      }),
      tree,
    ),
    panel,
  );
}

function detail(stack, component, resource) {
  const { changes, inputs, lost, operation, protect } = resource;
  const verdicts = (stack.policies?.verdicts ?? []).filter((verdict) => verdict.resource === resource.urn);
  return [
    h(
      "h2",
      {},
      component.urn === resource.urn ? `${resource.label} ` : `${component.name} / ${resource.label} `,
      stack.compared && verbs[operation] && h("span", { class: `mark ${operation}` }, verbs[operation]),
    ),
    h("p", { class: "quiet mono" }, resource.type),
    (lost || protect) &&
      h(
        "p",
        { class: lost ? "reason" : "quiet" },
        [lost && `Lost: ${lost}.`, protect && "Protected: pulumi up refuses to delete it."].filter(Boolean).join(" "),
      ),
    changes.length > 0 &&
      h(
        "table",
        {},
        changes.map(({ path, before, after, forces }) =>
          h(
            "tr",
            {},
            h("td", { class: "mono" }, path, forces && h("div", { class: "quiet" }, "forces the replacement")),
            h("td", { class: "mono" }, h("div", { class: "old" }, before), h("div", { class: "new" }, after)),
          ),
        ),
      ),
    verdicts.map((verdict) =>
      h(
        "p",
        {},
        h("span", { class: `mark ${toneOf(verdict)}` }, verdict.rule),
        " ",
        plain(verdict.outcome === "fail" ? verdict.message : (verdict.reason ?? verdict.message)),
        h(
          "span",
          { class: "quiet" },
          `${verdict.standing ? " Failed on the base already." : ""} ${plain(verdict.fix)}`,
        ),
      ),
    ),
    h(
      "details",
      { open: changes.length === 0 },
      h("summary", { class: "quiet" }, `${inputs.length} ${inputs.length === 1 ? "input" : "inputs"}`),
      h(
        "table",
        {},
        inputs.map(([name, value]) => h("tr", {}, h("td", { class: "mono" }, name), h("td", { class: "mono" }, value))),
      ),
    ),
  ]
    .flat()
    .filter(Boolean);
}

function graph({ drawing, compared }) {
  if (!drawing) return [];
  const size = { width: 176, height: 52 };
  const at = new Map(drawing.boxes.map((box) => [box.urn, box]));
  const lines = drawing.lines.map(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    const [x1, y1, x2, y2] = [a.x + size.width, a.y + size.height / 2, b.x, b.y + size.height / 2];
    const line = s("path", { class: "line", d: `M${x1} ${y1}C${x1 + 40} ${y1} ${x2 - 40} ${y2} ${x2} ${y2}` });
    line.ends = [from, to];
    return line;
  });
  const light = (urn) => lines.forEach((line) => line.classList.toggle("on", line.ends.includes(urn)));
  const boxes = drawing.boxes.map((box) =>
    s(
      "g",
      {
        tabindex: 0,
        onmouseenter: () => light(box.urn),
        onmouseleave: () => light(""),
        onfocus: () => light(box.urn),
        onblur: () => light(""),
      },
      s("rect", {
        class: `box ${compared ? box.operation : "same"}`,
        x: box.x,
        y: box.y,
        width: size.width,
        height: size.height,
        rx: 9,
      }),
      s("text", { x: box.x + 14, y: box.y + 22 }, box.title.slice(0, 22)),
      s("text", { class: "sub", x: box.x + 14, y: box.y + 40 }, `${box.subtitle} resources`.slice(0, 28)),
    ),
  );
  return [
    h(
      "section",
      { class: "card" },
      h("h2", {}, "What needs what"),
      h(
        "div",
        { class: "scroll" },
        s(
          "svg",
          {
            style: `width:${drawing.width}px;max-width:100%;height:auto`,
            viewBox: `0 0 ${drawing.width} ${drawing.height}`,
            role: "img",
            "aria-label": "Components and what they need",
          },
          lines,
          boxes,
        ),
      ),
    ),
  ];
}

function toneOf({ outcome, level }) {
  if (outcome !== "fail") return "import";
  return level === "advisory" ? "update" : "delete";
}

function policies({ policies }) {
  if (!policies || policies.verdicts.length === 0) return [];
  const row = ({ rule, resource, outcome, level, message, reason, fix, standing }) =>
    h(
      "tr",
      {},
      h(
        "td",
        {},
        h("span", { class: `mark ${toneOf({ outcome, level })}` }, outcome === "fail" ? level : "not evaluated"),
        standing && h("span", { class: "quiet" }, " on the base already"),
        h("div", { class: "mono" }, rule),
      ),
      h("td", { class: "mono" }, resource.split("::").pop()),
      h("td", {}, plain(outcome === "fail" ? message : (reason ?? message)), h("div", { class: "quiet" }, plain(fix))),
    );
  // What this change makes fail, before what stood.
  const order = ({ outcome, level, standing }) =>
    outcome === "fail" ? (level === "advisory" ? 2 : 0) + (standing ? 1 : 0) : 4;
  return [
    h(
      "section",
      { class: "card" },
      h("h2", {}, "Policies"),
      h(
        "table",
        { class: "rows" },
        h("tr", {}, h("th", {}, "rule"), h("th", {}, "resource"), h("th", {}, "what to do")),
        [...policies.verdicts].sort((a, b) => order(a) - order(b)).map(row),
      ),
    ),
  ];
}

function costs({ cost }) {
  if (!cost || cost.after.lines.length === 0) return [];
  const { after, before } = cost;
  const most = Math.max(...after.components.map(({ monthlyUsd }) => monthlyUsd));
  const earlier = (urn) => before?.components.find((component) => component.urn === urn)?.monthlyUsd ?? 0;
  const name = (urn) => urn.split("::").pop();
  return [
    h(
      "section",
      { class: "card" },
      h("h2", {}, "Cost a month"),
      h(
        "table",
        {},
        h(
          "tr",
          {},
          h("th", {}, "component"),
          h("th", { style: "width:40%" }, ""),
          before && h("th", { class: "n" }, "before"),
          h("th", { class: "n" }, before ? "after" : ""),
        ),
        after.components.map(({ urn, component, monthlyUsd }) =>
          h(
            "tr",
            {},
            h("td", {}, name(urn), component !== name(urn) && h("span", { class: "quiet" }, ` ${component}`)),
            h("td", {}, h("div", { class: "bar", style: `width:${(100 * monthlyUsd) / most}%;margin-top:8px` })),
            before && h("td", { class: "n" }, dollars(earlier(urn))),
            h("td", { class: "n" }, dollars(monthlyUsd)),
          ),
        ),
      ),
      h(
        "details",
        {},
        h("summary", { class: "quiet" }, `${after.lines.length} lines`),
        h(
          "table",
          {},
          after.lines
            .filter(({ monthlyUsd }) => monthlyUsd > 0)
            .map((line) =>
              h(
                "tr",
                {},
                h("td", {}, line.urn.split("::").pop()),
                h("td", {}, line.what),
                h(
                  "td",
                  { class: "quiet" },
                  `${Number(line.quantity.toPrecision(5)).toLocaleString("en-US")} ${line.unit} at $${Number(line.unitUsd.toPrecision(4))}`,
                ),
                h("td", { class: "n" }, dollars(line.monthlyUsd)),
              ),
            ),
        ),
      ),
      h(
        "div",
        { class: "quiet" },
        h(
          "p",
          {},
          `On-demand list prices of ${after.region} as published on ${after.pricesAsOf} or later, without tax, discounts and free tiers.`,
        ),
        after.assumptions.map(({ key, value, unit, meaning }) =>
          h("p", {}, `Assumed: ${key} ${value.toLocaleString("en-US")} ${unit} ${meaning}`),
        ),
        after.unpriced.map(({ urn, reason }) => h("p", {}, `Not in the sum: ${urn.split("::").pop()}, ${reason}`)),
      ),
    ),
  ];
}

function notes({ diagnostics, unknowns, reproduce }) {
  return h(
    "section",
    { class: "quiet" },
    diagnostics.map(({ severity, message }) => h("p", {}, `${severity}: ${message}`)),
    unknowns.map((unknown) => h("p", {}, `Not known: ${plain(unknown)}`)),
    h("p", {}, "Reproduce: ", h("code", {}, reproduce)),
  );
}

document
  .getElementById("stacks")
  .append(...stacks.map((stack) => h("button", { role: "tab", onclick: () => show(stack) }, stack.stack)));
show(stacks[0]);
