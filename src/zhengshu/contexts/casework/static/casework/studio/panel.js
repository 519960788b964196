// The properties of what is selected: all that type.yaml and the texts hold, so that nobody has to write YAML.
"use strict";

const AUTOMATIC = /^(task|lane|end|choice|parallel|arrow|start|timer|wait|rule|outcome|party|clock|ground)_[0-9a-z]+$/;
const LANGUAGES = ["zh-hans", "en"];

const read = (tree, path) => path.reduce((place, key) => (place === undefined || place === null ? undefined : place[key]), tree);

function write(tree, path, value) {
  const last = path.at(-1);
  const place = path.slice(0, -1).reduce((inner, key) => (inner[key] ??= {}), tree);
  if (value === undefined || value === "" || value === false) delete place[last];
  else place[last] = value;
}

const slug = (text) => (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("_").replace(/^[0-9_]+/, "").slice(0, 60);

// The decisions in the files, as far as they can be read.
function decisionsOf(files) {
  return Object.entries(files ?? {}).flatMap(([file, xml]) => [...new DOMParser().parseFromString(xml, "application/xml").getElementsByTagNameNS("*", "decision")]
    .map((one) => ({ file, id: one.getAttribute("id") ?? "", isTable: one.getElementsByTagNameNS("*", "decisionTable").length > 0 })));
}

export function createPanel(studio, flow, place, { createMore, isTimer, createTelling, followOutcome, createTaking, isMessage, createSeveral, followCounts }) {
  const { h, t, choices } = studio;
  let number = 0;
  const definition = () => studio.design.definition;
  const texts = (language) => studio.design.texts[language];
  const rules = (path, value) => flow.rules((tree) => write(tree, path, value));
  const fresh = (known, kind) => {
    let next = 1;
    while (known.includes(`${kind}_${next}`)) next += 1;
    return `${kind}_${next}`;
  };

  // Controls -------------------------------------------------------------------------------------------------

  function labelled(label, control, hint = "") {
    number += 1;
    const id = `property-${number}`;
    control.id = id;
    if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
    return h("div", { class: "ui-field" }, h("label", { class: "form-label", for: id }, label), control, hint ? h("div", { class: "form-hint", id: `${id}-hint` }, hint) : null);
  }

  function text(label, value, change, { hint = "", type = "text", lines = 0, key = label } = {}) {
    const shared = { class: "form-control", "data-key": key, onchange: (event) => change(event.target.value.trim()) };
    const control = lines ? h("textarea", { ...shared, rows: lines }) : h("input", { ...shared, type });
    control.value = value ?? "";
    return labelled(label, control, hint);
  }

  const count = (label, value, change, key = label) => text(label, value, (typed) => change(/^\d+$/.test(typed) ? Number(typed) : undefined), { type: "number", key });

  function choose(label, value, options, change, { hint = "", key = label } = {}) {
    const control = h("select", { class: "form-select", "data-key": key, onchange: (event) => change(event.target.value) }, options.map(([code, name]) => h("option", { value: code, selected: code === value }, name)));
    return labelled(label, control, hint);
  }

  function tick(label, value, change, { key = label } = {}) {
    number += 1;
    const id = `property-${number}`;
    return h("div", { class: "form-check" }, h("input", { class: "form-check-input", type: "checkbox", id, "data-key": key, checked: Boolean(value), onchange: (event) => change(event.target.checked) }), h("label", { class: "form-check-label", for: id }, label));
  }

  function ticks(legend, options, chosen, change, { hint = "" } = {}) {
    const toggled = (code, isOn) => change(isOn ? [...chosen, code] : chosen.filter((one) => one !== code));
    return h("fieldset", { class: "ui-field" }, h("legend", { class: "form-label" }, legend), hint ? h("div", { class: "form-hint" }, hint) : null, options.map(([code, name]) => tick(name, chosen.includes(code), (isOn) => toggled(code, isOn), { key: `${legend}-${code}` })));
  }

  const button = (label, act, css = "btn btn-sm") => h("button", { class: css, type: "button", onclick: act }, label);
  const part = (title, ...children) => h("section", { class: "casework-part" }, h("h3", {}, title), ...children);
  // What can be folded is known by its title, or by a key where several have the same title.
  function more(title, ...children) {
    const [words, key] = Array.isArray(title) ? title : [title, title];
    return h("details", { class: "casework-more", open: opened.has(key), ontoggle: (event) => (event.target.open ? opened.add(key) : opened.delete(key)) }, h("summary", { "data-key": key }, words), ...children);
  }
  const opened = new Set();
  const fold = (key) => opened.add(key);

  function names(path, { hint = false, table = false, english = () => {}, key = path.join(".") } = {}) {
    const own = hint || table ? [...path, "name"] : path;
    return [
      text(t("Name in Chinese"), read(texts("zh-hans"), own), (value) => named("zh-hans", own, value), { key: `${key}-zh` }),
      text(t("Name in English"), read(texts("en"), own), (value) => { named("en", own, value); english(value); }, { key: `${key}-en` }),
      ...(hint ? LANGUAGES.map((language) => text(language === "en" ? t("What is to be checked, in English") : t("What is to be checked, in Chinese"), read(texts(language), [...path, "hint"]), (value) => named(language, [...path, "hint"], value), { lines: 2, key: `${key}-hint-${language}` })) : []),
    ];
  }

  const named = (language, path, value) => flow.rules((_tree, all) => write(all[language], path, value));
  const nameOf = (path) => {
    const found = read(texts(choices.language), path) ?? read(texts("zh-hans"), path);
    return typeof found === "string" && found ? found : path.at(-1) === "name" ? path.at(-2) : path.at(-1);
  };
  const options = (group, suffix = []) => Object.keys(definition()[group] ?? {}).map((code) => [code, nameOf([group, code, ...suffix])]);

  // A name that is also drawn: the drawing has it first.
  function drawnNames(element, group, hint) {
    const path = hint ? [group, element.id, "name"] : [group, element.id];
    const [chinese, english, ...rest] = names([group, element.id], { hint, english: (value) => follow(element, value) });
    chinese.querySelector("input").onchange = null;
    const control = text(t("Name in Chinese"), element.businessObject.name ?? read(texts("zh-hans"), path), (value) => flow.update(element, { name: value }), { key: `${group}-${element.id}-zh` });
    return [control, english, ...rest];
  }

  // The code of an element is made from its English name, as long as nobody has given it one.
  function follow(element, english) {
    const code = slug(english);
    if (!code || !AUTOMATIC.test(element.id)) return;
    const taken = (id) => flow.element(id) || id in (definition().tasks ?? {}) || id in (definition().data ?? {});
    let free = code;
    for (let next = 2; taken(free); next += 1) free = `${code}_${next}`;
    flow.rename(element, free);
  }

  const shared = { studio, flow, controls: { text, count, choose, tick, ticks, button, part, more, fold, names, drawnNames }, tools: { write, read, definition, rules, nameOf, options, fresh } };
  const extra = createMore(shared);
  const telling = createTelling(shared);
  const taking = createTaking(shared);
  const several = createSeveral(shared);

  // What is selected -----------------------------------------------------------------------------------------

  function typePanel() {
    const own = definition();
    return [
      part(t("The case type"), h("p", { class: "form-hint" }, t("Select something in the drawing to set who does it and by when. What is set here is for all of it.")), ...names(["name"]),
        ...LANGUAGES.map((language) => text(language === "en" ? t("Summary in English") : t("Summary in Chinese"), read(texts(language), ["summary"]), (value) => named(language, ["summary"], value), { lines: 2, key: `summary-${language}` })),
        text(t("Legal bases, one a line"), (own.basis ?? []).join("\n"), (value) => rules(["basis"], value.split("\n").map((line) => line.trim()).filter(Boolean)), { lines: 2 })),
      part(t("Numbers of cases"), text(t("Prefix"), own.number?.prefix, (value) => rules(["number", "prefix"], value.toUpperCase()), { hint: t("1 to 8 capital letters or digits") }),
        choose(t("Counted anew"), own.number?.per ?? "day", [["day", t("every day")], ["year", t("every year")]], (value) => rules(["number", "per"], value))),
      part(t("Parties"), h("p", { class: "form-hint" }, t("The departments that take part; a lane says whose people work in it.")), (own.parties ?? []).map(partyPart), button(t("Add a party"), addParty)),
      extra.applicantPart(),
      part(t("Who opens a case"), extra.openingPart(), formChoice(t("Form of the application"), own.opening_form, (value) => rules(["opening_form"], value)), ticks(t("People of these lanes"), options("lanes"), own.opened_by ?? [], (chosen) => rules(["opened_by"], chosen))),
      part(t("Withdrawal"), tick(t("A case may be taken back"), Boolean(own.withdrawal), toggleWithdrawal), own.withdrawal ? ticks(t("By people of these lanes"), options("lanes"), own.withdrawal.lanes ?? [], (chosen) => rules(["withdrawal", "lanes"], chosen)) : null),
      telling.messagesPart(),
      telling.noticesPart(),
      taking.documentsPart(),
      extra.escalationPart(),
      extra.purposesPart(),
      more(t("Data on which decisions rest"), Object.keys(own.data ?? {}).map(datumPart), addDatum()),
    ];
  }

  function formChoice(label, value, change) {
    const codes = Object.keys(studio.design.forms);
    if (!codes.length && !value) return null;
    return h("div", {}, choose(label, value ?? "", [["", t("none")], ...codes.map((code) => [code, code])], change), ...(value ? names(["forms", value], { key: `${label}-${value}` }) : []));
  }

  function partyPart(code) {
    const remove = () => flow.rules((tree, all) => {
      tree.parties = tree.parties.filter((one) => one !== code);
      if (tree.named_later) tree.named_later = tree.named_later.filter((one) => one !== code);
      if (tree.opening_parties) delete tree.opening_parties[code];
      for (const language of LANGUAGES) delete all[language].parties?.[code];
    });
    const follows = (english) => {
      const made = slug(english);
      if (!made || !AUTOMATIC.test(code) || definition().parties.includes(made)) return;
      flow.rules((tree, all) => {
        tree.parties = tree.parties.map((one) => (one === code ? made : one));
        for (const lane of Object.values(tree.lanes)) if (lane.party === code) lane.party = made;
        if (tree.named_later) tree.named_later = tree.named_later.map((one) => (one === code ? made : one));
        for (const task of Object.values(tree.tasks)) for (const outcome of Object.values(task.outcomes ?? {})) if (outcome.names === code) outcome.names = made;
        if (tree.opening_parties?.[code] !== undefined) {
          tree.opening_parties[made] = tree.opening_parties[code];
          delete tree.opening_parties[code];
        }
        for (const language of LANGUAGES) {
          all[language].parties[made] = all[language].parties[code];
          delete all[language].parties[code];
        }
      });
    };
    return h("div", { class: "casework-item" }, ...names(["parties", code], { english: follows }), taking.laterTick(code), button(t("Remove"), remove));
  }

  function addParty() {
    flow.rules((tree, all) => {
      const code = fresh(tree.parties ??= [], "party");
      tree.parties.push(code);
      for (const language of LANGUAGES) write(all[language], ["parties", code], choices.party[language]);
    });
  }

  function toggleWithdrawal(isOn) {
    flow.rules((tree, all) => {
      if (isOn) tree.withdrawal = { lanes: [...(tree.opened_by ?? [])], end: "withdrawn" };
      else delete tree.withdrawal;
      for (const language of LANGUAGES) write(all[language], ["ends", "withdrawn"], isOn ? choices.withdrawn[language] : undefined);
    });
  }

  function datumPart(code) {
    const datum = definition().data[code];
    const set = (key, value) => rules(["data", code, key], value);
    const initial = { text: "", number: 0, flag: false, departments: "" };
    const setDefault = (value) => flow.rules((tree) => { tree.data[code].default = value; });
    return h("div", { class: "casework-item" }, h("p", {}, h("code", {}, code)),
      choose(t("Kind"), datum.type, [["text", t("text")], ["number", t("number")], ["flag", t("yes or no")], ["departments", t("departments")]], (value) => flow.rules((tree) => { tree.data[code] = { type: value, default: initial[value] }; }), { key: `data-${code}-type` }),
      datum.type === "text" ? text(t("Possible values, separated by commas"), (datum.values ?? []).join(", "), (value) => set("values", value ? value.split(/[,，]/).map((one) => one.trim()).filter(Boolean) : undefined), { key: `data-${code}-values` }) : null,
      datum.type === "departments" ? h("p", { class: "form-hint" }, t("A task may be done by each of them. A form or a message says which they are; without it there are none.")) : datum.type === "flag" ? tick(t("Yes, unless said otherwise"), datum.default, setDefault, { key: `data-${code}-default` })
        : text(t("Unless said otherwise"), datum.default ?? "", (value) => setDefault(datum.type === "number" ? Number(value) || 0 : value), { key: `data-${code}-default` }),
      button(t("Remove"), () => flow.rules((tree) => { delete tree.data[code]; })));
  }

  function addDatum() {
    const name = h("input", { class: "form-control", "aria-label": t("Code of the datum"), placeholder: t("Code of the datum"), pattern: "[a-z][a-z0-9_]*" });
    return h("div", { class: "casework-inline" }, name, button(t("Add"), () => {
      const code = slug(name.value);
      if (!code || definition().data?.[code]) return name.focus();
      return rules(["data", code], { type: "text", default: "" });
    }));
  }

  function lanePanel(element) {
    const lane = definition().lanes[element.id] ?? {};
    const set = (key, value) => rules(["lanes", element.id, key], value);
    return [part(t("Lane: who works here"), ...drawnNames(element, "lanes", false),
      choose(t("People of which party"), lane.party, [...partyOptions(), several.eachOption()], (value) => several.takeParty(element.id, value), { key: `${element.id}-party` }),
      ...several.eachNames(lane),
      ticks(t("In which roles"), choices.roles, lane.roles ?? [], (chosen) => set("roles", chosen), { hint: t("Whoever holds one of them may do the tasks of this lane.") }),
      tick(t("They may open a case"), (definition().opened_by ?? []).includes(element.id), (isOn) => flow.rules((tree) => {
        tree.opened_by = (tree.opened_by ?? []).filter((one) => one !== element.id);
        if (isOn) tree.opened_by.push(element.id);
      })))];
  }

  const partyOptions = () => [...(definition().parties ?? []).map((code) => [code, nameOf(["parties", code])]), ...((definition().applicant ?? []).length ? [["applicant", nameOf(["parties", "applicant"])]] : [])];

  function taskPanel(element) {
    const { id } = element;
    const task = definition().tasks[id] ?? { outcomes: {} };
    const others = options("tasks", ["name"]).filter(([code]) => code !== id);
    return [
      part(t("Task"), ...drawnNames(element, "tasks", true), formChoice(t("Form to be filled in"), task.form, (value) => rules(["tasks", id, "form"], value))),
      part(t("How it may end"), Object.keys(task.outcomes ?? {}).map((code) => outcomePart(id, code)), button(t("Add an outcome"), () => addOutcome(id))),
      part(t("Who may not do it"), tick(t("Avoidance: not whoever opened the case"), task.not_own_matter, (isOn) => rules(["tasks", id, "not_own_matter"], isOn)),
        others.length ? ticks(t("Four eyes: not whoever did"), others, task.not_after ?? [], (chosen) => rules(["tasks", id, "not_after"], chosen.length ? chosen : undefined)) : null,
        task.not_own_matter || (task.not_after ?? []).length ? text(t("Legal basis of this"), task.basis, (value) => rules(["tasks", id, "basis"], value), { key: `${id}-basis` }) : null),
      ...clockParts(id),
      several.severalPart(element),
      telling.taskPart(id),
    ];
  }

  function outcomePart(task, code) {
    const outcome = definition().tasks[task].outcomes[code];
    const path = ["tasks", task, "outcomes", code];
    const set = (key, value) => rules([...path, key], value);
    const follows = (english) => {
      const made = slug(english);
      if (!made || !AUTOMATIC.test(code) || definition().tasks[task].outcomes[made]) return;
      flow.rules((tree, all) => {
        const moved = (group) => Object.fromEntries(Object.entries(group).map(([key, value]) => [key === code ? made : key, value]));
        tree.tasks[task].outcomes = moved(tree.tasks[task].outcomes);
        followOutcome(tree, task, code, made);
        for (const language of LANGUAGES) all[language].tasks[task].outcomes = moved(all[language].tasks[task].outcomes);
      });
      for (const arrow of flow.all("bpmn:SequenceFlow")) if (arrow.businessObject.conditionExpression?.body === `${task} == "${code}"`) flow.condition(arrow, `${task} == "${made}"`);
      followCounts(flow, [[`${task}_${code}`, `${task}_${made}`]]);
    };
    const remove = () => flow.rules((tree, all) => {
      delete tree.tasks[task].outcomes[code];
      followOutcome(tree, task, code, "");
      for (const language of LANGUAGES) delete all[language].tasks[task].outcomes[code];
    });
    const needsBasis = outcome.once || outcome.needs_basis;
    return h("div", { class: "casework-item" }, ...names(path, { english: follows }),
      choose(t("Weight"), outcome.tone ?? "neutral", [["primary", t("main way")], ["neutral", t("other way")], ["danger", t("negative")]], (value) => set("tone", value), { key: `${path.join(".")}-tone` }),
      tick(t("Needs a reason"), outcome.needs_reason, (isOn) => set("needs_reason", isOn), { key: `${path.join(".")}-reason` }),
      tick(t("Needs a legal basis"), outcome.needs_basis, (isOn) => set("needs_basis", isOn), { key: `${path.join(".")}-needs` }),
      definition().tasks[task].form ? tick(t("Ends the task without its form"), outcome.without_form, (isOn) => set("without_form", isOn || undefined), { key: `${path.join(".")}-without-form` }) : null,
      tick(t("Only once in a case"), outcome.once, (isOn) => set("once", isOn), { key: `${path.join(".")}-once` }),
      choose(t("Whoever chooses it shows again who he is"), outcome.assurance ?? "", [["", t("not asked for")], ["one_factor", t("as he signs in")], ["two_factors", t("by a second factor")], ["bound_key", t("by a passkey or security key")]], (value) => set("assurance", value || undefined), { key: `${path.join(".")}-assurance` }),
      taking.namesChoice(path),
      needsBasis || outcome.basis ? text(t("Article that demands it"), outcome.basis, (value) => set("basis", value), { key: `${path.join(".")}-basis` }) : null,
      button(t("Remove"), remove));
  }

  function addOutcome(task) {
    flow.rules((tree, all) => {
      const outcomes = (tree.tasks[task].outcomes ??= {});
      const code = fresh(Object.keys(outcomes), "outcome");
      outcomes[code] = { tone: "neutral" };
      for (const language of LANGUAGES) write(all[language], ["tasks", task, "outcomes", code], choices.outcome[language]);
    });
  }

  // Time limits that begin with a task.
  function clockParts(task) {
    const clocks = Object.entries(definition().clocks ?? {}).filter(([, clock]) => clock.starts_with === task);
    const add = () => flow.rules((tree, all) => {
      tree.clocks ??= {};
      const code = tree.clocks[task] ? fresh(Object.keys(tree.clocks), "clock") : task;
      tree.clocks[code] = { starts_with: task, stops_with: { [task]: [] }, covers: [task], limits: [{ value: 5, unit: "working_days", basis: "" }], lights: { yellow: 1 } };
      for (const language of LANGUAGES) write(all[language], ["clocks", code, "name"], `${read(all[language], ["tasks", task, "name"]) ?? ""}${choices.limit[language]}`);
    });
    return [part(t("By when"), clocks.map(([code, clock]) => clockPart(code, clock)), button(t("Add a time limit"), add))];
  }

  function clockPart(code, clock) {
    const path = ["clocks", code];
    const set = (key, value) => rules([...path, key], value);
    const tasks = options("tasks", ["name"]);
    const remove = () => flow.rules((tree, all) => {
      delete tree.clocks[code];
      for (const language of LANGUAGES) delete all[language].clocks?.[code];
    });
    const stops = Object.keys(clock.stops_with ?? {});
    return h("div", { class: "casework-item" },
      ...LANGUAGES.map((language) => text(language === "en" ? t("Name in English") : t("Name in Chinese"), read(texts(language), [...path, "name"]), (value) => named(language, [...path, "name"], value), { key: `${code}-${language}` })),
      (clock.limits ?? []).map((limit, index) => limitPart(code, clock, limit, index)),
      button(t("Another limit for some cases"), () => flow.rules((tree) => { tree.clocks[code].limits.unshift({ when: "", value: 1, unit: "working_days", basis: "" }); })),
      count(t("Yellow when so many are left"), clock.lights?.yellow, (value) => rules([...path, "lights", "yellow"], value ?? 0), `${code}-yellow`),
      ticks(t("Stops when these tasks are done"), tasks, stops, (chosen) => set("stops_with", Object.fromEntries(chosen.map((one) => [one, clock.stops_with?.[one] ?? []])))),
      stops.map((stop) => stopPart(code, clock, stop)),
      ticks(t("Tasks that are due with it"), tasks, clock.covers ?? [], (chosen) => flow.rules((tree) => { tree.clocks[code].covers = chosen; })),
      more(t("Pauses"), Object.keys(clock.pauses ?? {}).map((ground) => pausePart(code, clock, ground)), button(t("Add a pause"), () => addPause(code))),
      more(t("Extension"), ...extensionPart(code, clock)),
      ...extra.clockParts(code, clock),
      button(t("Remove this time limit"), remove));
  }

  function stopPart(code, clock, stop) {
    const outcomes = Object.keys(definition().tasks[stop]?.outcomes ?? {}).map((one) => [one, nameOf(["tasks", stop, "outcomes", one])]);
    if (outcomes.length < 2) return null;
    const chosen = clock.stops_with[stop].length ? clock.stops_with[stop] : outcomes.map(([one]) => one);
    return ticks(t("{task} stops it with", { task: nameOf(["tasks", stop, "name"]) }), outcomes, chosen, (now) => flow.rules((tree) => { tree.clocks[code].stops_with[stop] = now.length === outcomes.length ? [] : now; }));
  }

  function limitPart(code, clock, limit, index) {
    const set = (key, value) => flow.rules((tree) => write(tree.clocks[code].limits[index], [key], value));
    const isLast = index === clock.limits.length - 1;
    const numbers = Object.entries(definition().data ?? {}).filter(([, datum]) => datum.type === "number").map(([name]) => [name, name]);
    return h("div", { class: "casework-limit" },
      h("div", { class: "casework-inline" }, count(t("Limit"), limit.value, (value) => set("value", value ?? 1), `${code}-${index}-value`), choose(t("Unit"), limit.unit, choices.units, (value) => set("unit", value), { key: `${code}-${index}-unit` })),
      text(t("Legal basis"), limit.basis, (value) => flow.rules((tree) => { tree.clocks[code].limits[index].basis = value; }), { key: `${code}-${index}-basis`, hint: t("The law and its article, such as 行政许可法第四十二条") }),
      numbers.length ? choose(t("Chosen in each case by"), limit.chosen_by ?? "", [["", t("nobody: it is always this")], ...numbers], (value) => set("chosen_by", value), { key: `${code}-${index}-chosen`, hint: t("The limit above is then the most that may be chosen.") }) : null,
      isLast ? null : text(t("Only if (expression)"), limit.when, (value) => flow.rules((tree) => { tree.clocks[code].limits[index].when = value; }), { key: `${code}-${index}-when` }),
      isLast ? null : button(t("Remove"), () => flow.rules((tree) => { tree.clocks[code].limits.splice(index, 1); })));
  }

  function pausePart(code, clock, ground) {
    const path = ["clocks", code, "pauses", ground];
    const pause = clock.pauses[ground];
    return h("div", { class: "casework-item" }, ...names(path),
      choose(t("While this task is open"), pause.while_task ?? "", [["", t("begun and ended by hand")], ...options("tasks", ["name"])], (value) => rules([...path, "while_task"], value), { key: `${path.join(".")}-while` }),
      text(t("Legal basis"), pause.basis, (value) => flow.rules((tree) => { tree.clocks[code].pauses[ground].basis = value; }), { key: `${path.join(".")}-basis` }),
      pause.while_task ? null : tick(t("Whoever pauses says how long it will take"), pause.tells_duration, (isOn) => rules([...path, "tells_duration"], isOn), { key: `${path.join(".")}-tells` }),
      button(t("Remove"), () => flow.rules((tree, all) => {
        delete tree.clocks[code].pauses[ground];
        for (const language of LANGUAGES) delete all[language].clocks?.[code]?.pauses?.[ground];
      })));
  }

  function addPause(code) {
    flow.rules((tree, all) => {
      const pauses = (tree.clocks[code].pauses ??= {});
      const ground = fresh(Object.keys(pauses), "ground");
      pauses[ground] = { basis: "" };
      for (const language of LANGUAGES) write(all[language], ["clocks", code, "pauses", ground], choices.pause[language]);
    });
  }

  function extensionPart(code, clock) {
    const more = clock.extension;
    const set = (key, value) => flow.rules((tree) => { tree.clocks[code].extension[key] = value; });
    const toggle = tick(t("It may be extended"), Boolean(more), (isOn) => rules(["clocks", code, "extension"], isOn ? { value: 5, unit: clock.limits?.[0]?.unit ?? "working_days", basis: "", consent_by: Object.keys(definition().lanes)[0] ?? "" } : undefined), { key: `${code}-extension` });
    if (!more) return [toggle];
    return [toggle, count(t("By so many"), more.value, (value) => set("value", value ?? 1), `${code}-more`), count(t("So many times"), more.times ?? 1, (value) => set("times", value || 1), `${code}-more-times`), choose(t("Unit"), more.unit, choices.units, (value) => set("unit", value), { key: `${code}-more-unit` }),
      text(t("Legal basis"), more.basis, (value) => set("basis", value), { key: `${code}-more-basis` }),
      choose(t("With the consent of"), more.consent_by, options("lanes"), (value) => set("consent_by", value), { key: `${code}-consent` })];
  }

  // Which way a case takes: the outcome of a task, everything else, or an expression.
  function arrowPart(arrow) {
    const source = arrow.source.businessObject;
    const isDefault = source.default?.id === arrow.id;
    const condition = arrow.businessObject.conditionExpression?.body ?? "";
    const outcomes = Object.entries(definition().tasks ?? {}).flatMap(([task, rule]) => Object.keys(rule.outcomes ?? {}).map((code) => [`${task} == "${code}"`, `${nameOf(["tasks", task, "name"])}: ${nameOf(["tasks", task, "outcomes", code])}`]));
    outcomes.push(...several.countedConditions());
    const known = outcomes.some(([text]) => text === condition);
    const change = (value) => {
      if (value === "*") {
        flow.condition(arrow, "");
        flow.update(arrow.source, { default: arrow.businessObject });
      } else if (value !== "=") {
        if (isDefault) flow.update(arrow.source, { default: undefined });
        flow.condition(arrow, value);
      }
    };
    const value = isDefault ? "*" : condition && !known ? "=" : condition;
    return h("div", { class: "casework-item" },
      h("p", {}, t("To {target}", { target: arrow.target.businessObject.name || arrow.target.id })),
      text(t("Words on the arrow"), arrow.businessObject.name, (name) => flow.update(arrow, { name }), { key: `${arrow.id}-name` }),
      choose(t("Taken when"), value, [["", t("(choose)")], ["*", t("nothing else fits")], ...outcomes, ...(value === "=" ? [["=", condition]] : [])], change, { key: `${arrow.id}-when` }),
      more(t("As an expression"), text(t("Expression"), condition, (typed) => change(typed), { key: `${arrow.id}-expression`, hint: t('Such as amount > 1000 and kind == "a"') })));
  }

  // A task that nobody does: a decision of a table, and the datum that keeps what it says.
  function rulePanel(element) {
    const own = element.businessObject;
    const asked = own.get("camunda:decisionRef") ?? "";
    const kept = own.get("camunda:resultVariable") ?? "";
    const tables = decisionsOf(studio.design.decisions);
    const codes = [...new Set([...tables.map((one) => one.id), ...(asked ? [asked] : [])])];
    const data = Object.keys(definition().data ?? {});
    const set = (key, value) => flow.update(element, { [`camunda:${key}`]: value || undefined });
    const file = tables.find((one) => one.id === asked)?.file;
    return [part(t("Decision by a table"), h("p", { class: "form-hint" }, t("Nobody has to do anything here: the table reads the data of the case and sets others, which the flow can then ask.")),
      text(t("Name in Chinese"), own.name, (name) => flow.update(element, { name }), { key: `${element.id}-zh` }),
      choose(t("Which decision"), asked, [["", t("(choose)")], ...codes.map((code) => [code, code])], (value) => set("decisionRef", value), { hint: codes.length ? "" : t("Draw one first, under “Decision tables”.") }),
      choose(t("Datum that keeps the result"), kept, [["", t("the one called as the table’s output")], ...data.map((name) => [name, name])], (value) => set("resultVariable", value), { hint: t("Several outputs are kept by their own names.") })),
    ...tables.filter((one) => one.file === file && one.isTable).map((one) => part(t("Table {code}", { code: one.id }), h("p", { class: "form-hint" }, t("The timeline calls the table by this name.")), ...names(["decisions", one.id], { table: true })))];
  }

  function gatewayPanel(element) {
    const arrows = element.outgoing.filter((arrow) => arrow.type === "bpmn:SequenceFlow");
    return [part(t("Decision"), h("p", { class: "form-hint" }, arrows.length > 1 ? t("Say for each way when it is taken; one of them is taken when nothing else fits.") : t("Draw two or more arrows from here, then say when each is taken.")),
      text(t("Question (optional)"), element.businessObject.name, (name) => flow.update(element, { name })), arrows.length > 1 ? arrows.map(arrowPart) : null)];
  }

  function arrowPanel(element) {
    const decides = element.source.type === "bpmn:ExclusiveGateway" && element.source.outgoing.length > 1;
    return [part(t("Arrow"), decides ? arrowPart(element) : h("p", { class: "form-hint" }, t("It is always taken. Conditions are for arrows that leave a decision.")))];
  }

  function panelOf(element) {
    if (isTimer(element)) return extra.timerPanel(element);
    if (isMessage(element)) return taking.messagePanel(element);
    switch (element?.type) {
      case "bpmn:UserTask": return taskPanel(element);
      case "bpmn:BusinessRuleTask": return rulePanel(element);
      case "bpmn:Lane": return lanePanel(element);
      case "bpmn:ExclusiveGateway": return gatewayPanel(element);
      case "bpmn:SequenceFlow": return arrowPanel(element);
      case "bpmn:EndEvent": return [part(t("End"), ...drawnNames(element, "ends", false))];
      case "bpmn:ParallelGateway": return [part(t("Parallel"), h("p", { class: "form-hint" }, t("All ways that leave it begin at once; where ways meet in one, the case waits for all of them.")))];
      case "bpmn:StartEvent": return [part(t("Start"), text(t("Name in Chinese"), element.businessObject.name, (name) => flow.update(element, { name })))];
      default: return typePanel();
    }
  }

  // While somebody presses or chooses something here it stays where it is: what he typed before is drawn afterwards.
  let pressed = "";
  let isDue = false;
  const release = () => setTimeout(() => {
    pressed = "";
    if (isDue) render();
  });
  place.addEventListener("pointerdown", (event) => { pressed = event.target.closest("select") ? "select" : "other"; });
  for (const happens of ["pointerup", "pointercancel"]) document.addEventListener(happens, () => pressed === "other" && release());
  for (const happens of ["change", "focusout"]) place.addEventListener(happens, (event) => pressed === "select" && event.target.matches("select") && release());

  function render() {
    if (studio.root.dataset.current && studio.root.dataset.current !== "flow") return;
    isDue = Boolean(pressed);
    if (isDue) return;
    const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const scrolled = place.scrollTop;
    number = 0;
    const [element, ...others] = flow.selected();
    place.replaceChildren(...panelOf(others.length ? null : element));
    place.scrollTop = scrolled;
    if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  return {
    render,
    // Opens what is folded around a place in the rules, such as messages.to_do.
    reveal(group, code) {
      const around = { messages: t("Messages to people"), notices: t("Notices in writing"), documents: t("Documents"), escalation: t("Escalation"), data: t("Data on which decisions rest") }[group];
      if (!around) return;
      [around, `${group}.${code}`].forEach(fold);
      render();
      (place.querySelector(`[data-key="${CSS.escape(`${group}.${code}`)}"]`) ?? place.querySelector(`[data-key="${CSS.escape(around)}"]`))?.focus();
    },
  };
}
