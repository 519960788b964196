// The studio: loads the design, mounts the editors, saves by itself, and shows what the checker finds.
"use strict";

const root = document.querySelector("[data-studio]");
const given = JSON.parse(document.getElementById("studio-state").textContent);
const find = (name) => root.querySelector(`[data-${name}]`);
const WAIT_BEFORE_SAVING = 1500;
const WAIT_AFTER_FAILURE = 10000;

// Elements are made of text only, so that no name can become markup.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const studio = {
  root,
  h,
  design: given.design,
  faults: given.faults,
  choices: given.choices,
  editors: {},
  revision: given.revision,
  t(text, places = {}) {
    return (given.words[text] ?? text).replace(/\{(\w+)\}/g, (_whole, name) => places[name] ?? "");
  },
  // Loads a library once; all of them come from this server.
  script(url) {
    return new Promise((done, failed) => document.head.append(h("script", { src: url, onload: done, onerror: failed })));
  },
  changed() {
    changes += 1;
    if (isStopped) return;
    say("Not saved yet");
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_BEFORE_SAVING);
  },
  download(name, text) {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    h("a", { href: url, download: name }).click();
    URL.revokeObjectURL(url);
  },
};

let changes = 0;
let saved = 0;
let timer = 0;
let isSaving = false;
let isStopped = false;

function say(text, places) {
  find("status").textContent = studio.t(text, places);
}

async function collected() {
  for (const editor of Object.values(studio.editors)) await editor.collect();
  return studio.design;
}

async function save() {
  clearTimeout(timer);
  if (isStopped || isSaving || changes === saved) return;
  isSaving = true;
  const upTo = changes;
  try {
    say("Saving …");
    const body = JSON.stringify({ design: await collected(), revision: studio.revision });
    const answer = await fetch(root.dataset.save, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value },
    });
    const said = await answer.json();
    if (answer.ok) {
      saved = upTo;
      studio.revision = said.revision;
      studio.faults = said.faults;
      say("Saved at {time}", { time: new Date().toLocaleTimeString() });
      showFaults();
    } else {
      stop(said.title);
    }
  } catch (fault) {
    say("Not saved: the server cannot be reached. It is tried again.");
    timer = setTimeout(save, WAIT_AFTER_FAILURE);
  } finally {
    isSaving = false;
  }
  if (changes !== saved && !isStopped) studio.changed();
}

// Somebody else saved, or nothing may be saved any more: nothing of theirs is overwritten, nothing of ours is lost.
function stop(sentence) {
  isStopped = true;
  say("Not saved");
  const place = find("conflict");
  place.replaceChildren(
    h("p", {}, sentence),
    h("p", {},
      h("button", { class: "btn", type: "button", onclick: async () => studio.download(`${root.dataset.name}.json`, JSON.stringify(await collected(), null, 1)) }, studio.t("Download my state")), " ",
      h("button", { class: "btn btn-primary", type: "button", onclick: () => { saved = changes; location.reload(); } }, studio.t("Load the page again")),
    ),
  );
  place.hidden = false;
}

// Where a fault leads: the tab, the element of the flow, the place in the rules.
function target(fault) {
  if (fault.file.endsWith(".form.json")) return { tab: "forms", code: fault.file.replace(/\.form\.json$/, ""), element: fault.element };
  if (fault.file.endsWith(".dmn")) return { tab: "decisions", code: fault.file.replace(/\.dmn$/, ""), element: fault.element };
  const [group, code] = fault.element.split(/[.[]/);
  if (fault.file === "flow.bpmn") return { tab: "flow", element: fault.element };
  if (["tasks", "lanes", "ends"].includes(group) && code) return { tab: "flow", element: code };
  if (fault.file.startsWith("texts/") || ["messages", "notices", "documents", "escalation", "data"].includes(group)) {
    const named = ["tasks", "lanes", "ends", "events"].includes(group) ? code : "";
    return { tab: "flow", element: named, group, code };
  }
  if (group === "clocks" && code) return { tab: "flow", element: studio.design.definition.clocks?.[code]?.starts_with ?? "" };
  return { tab: "flow", element: "" };
}

function showFaults() {
  const count = find("count");
  count.textContent = studio.faults.length;
  count.className = `badge ${studio.faults.length ? "ui-badge-yellow" : "ui-badge-green"}`;
  const lines = studio.faults.map((fault) => {
    const name = studio.editors.flow?.nameOf(target(fault).element) ?? "";
    return h("li", {}, h("button", { type: "button", onclick: () => lead(fault) }, name ? h("strong", {}, name) : null, fault.text, name ? null : h("small", {}, fault.element || fault.file)));
  });
  find("faults").replaceChildren(...(lines.length ? lines : [h("li", { class: "is-fine" }, studio.t("Nothing: the case type can be submitted."))]));
  const placed = studio.faults.map((fault) => ({ text: fault.text, ...target(fault) }));
  studio.editors.flow?.mark(placed.filter((fault) => fault.tab === "flow"));
  studio.editors.decisions?.mark(placed);
}

async function lead(fault) {
  const { tab, element, code, group } = target(fault);
  await show(tab);
  studio.editors[tab]?.select(element, code);
  studio.editors[tab]?.reveal?.(group, code);
}

const panes = { flow: ["flow", "pane-flow"], forms: ["forms", "pane-forms"], decisions: ["decisions", "pane-decisions"] };

async function show(name) {
  for (const tab of root.querySelectorAll("[data-tab]")) {
    const isCurrent = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", isCurrent);
    tab.tabIndex = isCurrent ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isCurrent;
  }
  root.dataset.current = name;
  if (!studio.editors[name]) {
    const module = await import(root.dataset[name]);
    studio.editors[name] = await module.mount(studio, document.getElementById(panes[name][1]), find("properties"));
    if (name !== "flow") showFaults();
  }
  studio.editors[name].shown?.();
}

function current() {
  return studio.editors[root.dataset.current];
}

root.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (tab) show(tab.dataset.tab);
  if (event.target.closest("[data-undo]")) current()?.undo();
  if (event.target.closest("[data-redo]")) current()?.redo();
  if (event.target.closest("[data-save-now]")) save();
});

root.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[data-tab]");
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const tabs = [...root.querySelectorAll("[data-tab]")];
  const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
  next.focus();
  show(next.dataset.tab);
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  }
});

// Links that leave save first; whatever else leaves with something unsaved asks.
root.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-leave]");
  if (!link || changes === saved) return;
  event.preventDefault();
  document.activeElement?.blur();
  while (isSaving) await new Promise((done) => setTimeout(done, 50));
  await save();
  if (changes === saved) location.assign(link.href);
});

addEventListener("beforeunload", (event) => {
  if (changes !== saved) event.preventDefault();
});

for (const name of ["tabs", "actions", "body"]) find(name).hidden = false;
await show("flow");
showFaults();
say("All is saved");
root.dataset.ready = "true";
