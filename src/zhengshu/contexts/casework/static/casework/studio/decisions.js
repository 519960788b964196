// Decision tables: dmn-js on the tables of the case type, one file at a time.
"use strict";

const empty = (code) => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_${code}" name="${code}" namespace="urn:zhengshu:case-types">
  <decision id="${code}" name="${code}">
    <decisionTable id="table_${code}" hitPolicy="FIRST">
      <input id="input_1"><inputExpression id="expression_1" typeRef="string"><text></text></inputExpression></input>
      <output id="output_1" name="${code}" typeRef="string" />
    </decisionTable>
  </decision>
</definitions>
`;

export async function mount(studio, pane) {
  await studio.script(studio.root.dataset.dmn);
  const { h, t } = studio;
  const host = h("div", { class: "casework-table-editor" });
  const bar = h("div", { class: "casework-editor-bar" });
  const none = h("p", { class: "casework-editor-empty" }, t("There is no decision table yet. Give one a code, such as fee, and add it."));
  const found = h("ol", { class: "casework-table-faults", "aria-label": t("What is still missing") });
  pane.append(bar, none, found, host);
  let faults = [];
  const common = { dataTypes: ["string", "boolean", "number", "date"] };
  const own = { additionalModules: [{ translate: ["value", (text, places) => t(text, places)] }] };
  const modeler = new window.DmnJS({ container: host, common, drd: own, decisionTable: own, literalExpression: own });
  let current = "";
  let isImporting = false;
  const watched = new WeakSet();
  modeler.on("views.changed", () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || watched.has(viewer)) return;
    watched.add(viewer);
    viewer.on("elements.changed", () => !isImporting && current && studio.changed());
  });

  async function keep() {
    if (current) studio.design.decisions[current] = (await modeler.saveXML({ format: true })).xml;
  }

  async function open(code) {
    await keep();
    current = code;
    isImporting = true;
    try {
      await modeler.importXML(studio.design.decisions[code]);
      const table = modeler.getViews().find((view) => view.type === "decisionTable");
      if (table) await modeler.open(table);
    } catch (fault) {
      studio.root.querySelector("[data-status]").textContent = t("The table cannot be opened: {what}", { what: fault.message });
      current = "";
    } finally {
      isImporting = false;
    }
    draw();
  }

  // The findings of the checker for this table, above it.
  function tell() {
    const own = faults.filter((fault) => fault.code === current);
    found.replaceChildren(...own.map((fault) => h("li", { "data-about": fault.element }, fault.text)));
    found.hidden = own.length === 0;
  }

  function draw() {
    tell();
    const codes = Object.keys(studio.design.decisions);
    const choice = h("select", { class: "form-select", "aria-label": t("Decision table"), onchange: (event) => open(event.target.value) }, codes.map((code) => h("option", { value: code, selected: code === current }, code)));
    const name = h("input", { class: "form-control", placeholder: t("Code of the table"), "aria-label": t("Code of the table"), pattern: "[a-z][a-z0-9_]*" });
    const add = () => {
      const code = name.value.trim();
      if (!/^[a-z][a-z0-9_]{0,62}$/.test(code) || codes.includes(code)) return name.focus();
      studio.design.decisions[code] = empty(code);
      studio.changed();
      return open(code);
    };
    const remove = () => {
      delete studio.design.decisions[current];
      for (const tree of Object.values(studio.design.texts)) delete tree.decisions?.[current];
      current = "";
      studio.changed();
      const [first] = Object.keys(studio.design.decisions);
      if (first) open(first);
      else draw();
    };
    bar.replaceChildren(
      ...(codes.length ? [choice, h("button", { class: "btn", type: "button", onclick: remove }, t("Remove this table"))] : []),
      name, h("button", { class: "btn", type: "button", onclick: add }, t("Add a table")),
    );
    none.hidden = codes.length > 0;
    host.hidden = codes.length === 0;
  }

  const stack = () => modeler.getActiveViewer()?.get("commandStack", false);
  const [first] = Object.keys(studio.design.decisions);
  if (first) await open(first);
  else draw();
  return {
    collect: keep,
    async select(element, code) {
      if (code in studio.design.decisions && code !== current) await open(code);
      for (const line of found.children) line.classList.toggle("is-meant", line.dataset.about === element);
      found.querySelector(".is-meant")?.scrollIntoView({ block: "nearest" });
    },
    mark(all) {
      faults = all.filter((fault) => fault.tab === "decisions");
      tell();
    },
    undo: () => stack()?.canUndo() && stack().undo(),
    redo: () => stack()?.canRedo() && stack().redo(),
  };
}
