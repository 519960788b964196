// Forms: form-js on the forms of the case type, one at a time.
"use strict";

const EMPTY = (code) => ({ type: "default", id: code, components: [], schemaVersion: 16 });

export async function mount(studio, pane) {
  await studio.script(studio.root.dataset.form);
  const { h, t } = studio;
  const host = h("div", { class: "casework-form-editor" });
  const bar = h("div", { class: "casework-editor-bar" });
  const empty = h("p", { class: "casework-editor-empty" }, t("There is no form yet. Give one a code, such as application, and add it."));
  pane.append(bar, empty, host);
  const editor = new window.FormEditor.FormEditor({ container: host });
  let current = "";
  let isImporting = false;
  editor.on("changed", () => {
    if (isImporting || !current) return;
    keep();
    studio.changed();
  });

  function keep() {
    if (current) studio.design.forms[current] = `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;
  }

  async function open(code) {
    current = code;
    isImporting = true;
    try {
      await editor.importSchema(JSON.parse(studio.design.forms[code]));
    } catch (fault) {
      studio.root.querySelector("[data-status]").textContent = t("The form cannot be opened: {what}", { what: fault.message });
    } finally {
      isImporting = false;
    }
    draw();
  }

  function draw() {
    const codes = Object.keys(studio.design.forms);
    const choice = h("select", { class: "form-select", "aria-label": t("Form"), onchange: (event) => open(event.target.value) }, codes.map((code) => h("option", { value: code, selected: code === current }, code)));
    const name = h("input", { class: "form-control", placeholder: t("Code of the form"), "aria-label": t("Code of the form"), pattern: "[a-z][a-z0-9_\\-]*" });
    const add = () => {
      const code = name.value.trim();
      if (!/^[a-z][a-z0-9_-]{0,62}$/.test(code) || codes.includes(code)) return name.focus();
      studio.design.forms[code] = `${JSON.stringify(EMPTY(code), null, 2)}\n`;
      studio.changed();
      return open(code);
    };
    const remove = () => {
      delete studio.design.forms[current];
      current = "";
      studio.changed();
      const [first] = Object.keys(studio.design.forms);
      if (first) open(first);
      else draw();
    };
    bar.replaceChildren(
      ...(codes.length ? [choice, h("button", { class: "btn", type: "button", onclick: remove }, t("Remove this form"))] : []),
      name, h("button", { class: "btn", type: "button", onclick: add }, t("Add a form")),
    );
    empty.hidden = codes.length > 0;
    host.hidden = codes.length === 0;
  }

  const [first] = Object.keys(studio.design.forms);
  if (first) await open(first);
  else draw();
  return {
    collect: async () => keep(),
    select: (element, code) => (code in studio.design.forms && code !== current ? open(code) : null),
    undo: () => editor.get("commandStack").canUndo() && editor.get("commandStack").undo(),
    redo: () => editor.get("commandStack").canRedo() && editor.get("commandStack").redo(),
  };
}
