// Forms: form-js on the forms of the case type, one at a time.
"use strict";

const EMPTY = (code) => ({ type: "default", id: code, components: [], schemaVersion: 16 });

export async function mount(studio, pane) {
  await studio.script(studio.root.dataset.form);
  const { h, t } = studio;
  const host = h("div", { class: "casework-form-editor" });
  const bar = h("div", { class: "casework-editor-bar" });
  const besides = h("div", { class: "casework-editor-bar casework-editor-besides", hidden: true });
  const empty = h("p", { class: "casework-editor-empty" }, t("There is no form yet. Give one a code, such as application, and add it."));
  pane.append(bar, empty, besides, host);
  const editor = new window.FormEditor.FormEditor({ container: host });
  const { speak } = await import(studio.root.dataset.speaking);
  speak(host, studio.choices.form_words);
  let current = "";
  let isImporting = false;
  editor.on("changed", () => {
    if (isImporting || !current) return;
    keep();
    studio.changed();
  });
  editor.on("selection.changed", drawBesides);

  // What form-js does not ask: the other language, what an answer is checked as, and which source fills it in.
  function field(label, value, change, hint = "") {
    const control = h("input", { class: "form-control", "aria-label": label, placeholder: label, title: hint || label, onchange: (event) => change(event.target.value.trim()) });
    control.value = value ?? "";
    return control;
  }

  function drawBesides() {
    const chosen = editor.get("selection").get();
    besides.hidden = !current || !chosen || !chosen.type || chosen.type === "default";
    if (besides.hidden) return;
    const set = (key, value) => {
      const properties = { ...(chosen.properties ?? {}) };
      if (value) properties[key] = value;
      else delete properties[key];
      editor.get("modeling").editFormField(chosen, "properties", properties);
      drawBesides();
    };
    const own = chosen.properties ?? {};
    if (chosen.type === "text") {
      besides.replaceChildren(field(t("Text in English"), own.text_en, (value) => set("text_en", value)));
      return;
    }
    const kind = h("select", { class: "form-select", "aria-label": t("Checked as"), onchange: (event) => set("kind", event.target.value) }, [["", t("(not checked as anything)")], ...studio.choices.kinds].map(([code, name]) => h("option", { value: code, selected: code === (own.kind ?? "") }, name)));
    besides.replaceChildren(
      field(t("Label in English"), own.label_en, (value) => set("label_en", value)),
      ...(chosen.description ? [field(t("Hint in English"), own.hint_en, (value) => set("hint_en", value))] : []),
      ...(chosen.type === "textfield" ? [kind, field(t("Data element"), own.element, (value) => set("element", value), t("The code of the standard that the answer follows, such as citizen-id"))] : []),
      ...(own.element ? [h("label", { class: "form-check" }, h("input", { class: "form-check-input", type: "checkbox", checked: own.from === "source", onchange: (event) => set("from", event.target.checked ? "source" : "") }), " ", t("filled by its source"))] : []));
  }

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
