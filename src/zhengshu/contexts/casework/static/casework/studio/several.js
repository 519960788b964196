// Tasks that are done several times, such as by several departments that are consulted at once.
"use strict";

const LANGUAGES = ["zh-hans", "en"];
const LOOP = "bpmn:MultiInstanceLoopCharacteristics";
const EACH = "each";

// How often an element is done; nothing for once.
export function severalOf(element) {
  const loop = element?.businessObject?.loopCharacteristics;
  if (loop?.$type !== LOOP) return null;
  return { over: loop.get("camunda:collection") ?? loop.loopCardinality?.body ?? "", isSequential: Boolean(loop.isSequential), until: loop.completionCondition?.body ?? "" };
}

// Other modellers name the list in an element that bpmn-js does not keep.
export function readLists(flow, xml) {
  for (const loop of new DOMParser().parseFromString(xml, "application/xml").getElementsByTagNameNS("*", "multiInstanceLoopCharacteristics")) {
    const list = loop.getElementsByTagNameNS("*", "loopDataInputRef")[0]?.textContent.trim();
    const own = flow.element(loop.parentElement.getAttribute("id"))?.businessObject.loopCharacteristics;
    if (list && own && !own.get("camunda:collection")) own.set("camunda:collection", list);
  }
}

// A task or an outcome has another code: conditions that ask for counts follow.
export function followCounts(flow, changes) {
  const moved = (text) => changes.reduce((now, [before, after]) => now.replace(new RegExp(`\\b${before}_count\\b`, "g"), `${after}_count`), text ?? "");
  for (const arrow of flow.all("bpmn:SequenceFlow")) {
    const text = arrow.businessObject.conditionExpression?.body ?? "";
    if (moved(text) !== text) flow.condition(arrow, moved(text));
  }
  for (const task of flow.all("bpmn:UserTask")) {
    const several = severalOf(task);
    if (several && moved(several.until) !== several.until) flow.repeat(task, { ...several, until: moved(several.until) });
  }
}

export function createSeveral({ studio, flow, controls, tools }) {
  const { h, t, choices } = studio;
  const { text, choose, tick, part, more, names } = controls;
  const { definition, nameOf, fresh, write, read } = tools;
  const data = (kind) => Object.entries(definition().data ?? {}).filter(([, datum]) => datum.type === kind).map(([code]) => code);
  const countOf = (task, outcome) => `${task}_${outcome}_count`;
  const laneOf = (element) => flow.all("bpmn:Lane").find((lane) => (lane.businessObject.flowNodeRef ?? []).some((one) => one.id === element.id));

  function severalPart(element) {
    const several = severalOf(element);
    const kind = several === null ? "" : data("departments").includes(several.over) ? "departments" : "times";
    const key = `${element.id}-several`;
    return part(t("How often it is done"),
      choose(t("How often"), kind, [["", t("once")], ["departments", t("by each of several departments")], ["times", t("so many times")]], (value) => begin(element, value), { key }),
      several ? h("div", {}, kind === "departments" ? departments(element, several, key) : times(element, several, key), order(element, several, key), ending(element, several, key)) : null);
  }

  function begin(element, kind) {
    const { id } = element;
    if (!kind) {
      flow.repeat(element, null);
      return flow.rules((tree) => { delete tree.tasks[id].counts; });
    }
    if (kind === "departments" && !data("departments").length) flow.rules((tree) => {
      tree.data ??= {};
      tree.data[tree.data.asked_departments ? fresh(Object.keys(tree.data), "asked_departments") : "asked_departments"] = { type: "departments", default: "" };
    });
    const over = kind === "departments" ? data("departments")[0] : (data("number")[0] ?? "2");
    return flow.repeat(element, { over, isSequential: severalOf(element)?.isSequential ?? false, until: "" });
  }

  function departments(element, several, key) {
    const lane = laneOf(element);
    const isEach = lane && definition().lanes[lane.id]?.party === EACH;
    return h("div", {},
      choose(t("Departments of the datum"), several.over, data("departments").map((code) => [code, code]), (over) => flow.repeat(element, { ...several, over }), { key: `${key}-over`, hint: t("Which departments they are, says a form: a checklist with this key whose values are unified social credit codes. A message may bring them too.") }),
      isEach ? null : h("p", { class: "form-hint casework-advice" }, t("Put the task into a lane whose people are those of each of the departments; otherwise all of it is to do in one department.")));
  }

  const times = (element, several, key) => text(t("So many times (number, datum or expression)"), several.over, (over) => flow.repeat(element, { ...several, over }), { key: `${key}-over` });

  const order = (element, several, key) => choose(t("In which order"), several.isSequential ? "sequential" : "parallel", [["parallel", t("all at once")], ["sequential", t("one after the other")]], (value) => flow.repeat(element, { ...several, isSequential: value === "sequential" }), { key: `${key}-order` });

  // When it is over: all are done, one ended in a certain way, or what an expression says.
  function ending(element, several, key) {
    const { id } = element;
    const task = definition().tasks[id] ?? {};
    const outcomes = Object.keys(task.outcomes ?? {}).map((code) => [`${countOf(id, code)} > 0`, t("as soon as one ends with “{outcome}”", { outcome: nameOf(["tasks", id, "outcomes", code]) })]);
    const known = !several.until || outcomes.some(([condition]) => condition === several.until);
    const set = (until) => {
      if (until === "=") return;
      flow.repeat(element, { ...several, until });
      if (until.includes("_count") && !definition().tasks[id].counts) flow.rules((tree) => { tree.tasks[id].counts = true; });
    };
    const asked = Object.keys(task.outcomes ?? {}).map((code) => countOf(id, code)).join(", ");
    return h("div", {},
      choose(t("It is over"), known ? several.until : "=", [["", t("when all are done")], ...outcomes, ...(known ? [] : [["=", several.until]])], set, { key: `${key}-until` }),
      tick(t("Decisions may ask how many ended how"), task.counts, (isOn) => flow.rules((tree) => write(tree, ["tasks", id, "counts"], isOn)), { key: `${key}-counts` }),
      task.counts ? h("p", { class: "form-hint" }, t("Expressions call the numbers:"), " ", h("code", {}, asked)) : null,
      more([t("As an expression"), `${key}-expression-fold`], text(t("Over as soon as"), several.until, set, { key: `${key}-expression`, hint: t("Such as {example}", { example: `${asked.split(", ")[0]} > 1` }) })));
  }

  // What arrows may ask of tasks that are counted.
  const countedConditions = () => Object.entries(definition().tasks ?? {}).filter(([, task]) => task.counts).flatMap(([task, rule]) => Object.keys(rule.outcomes ?? {}).flatMap((code) => {
    const words = { task: nameOf(["tasks", task, "name"]), outcome: nameOf(["tasks", task, "outcomes", code]) };
    return [[`${countOf(task, code)} > 0`, t("{task}: at least one “{outcome}”", words)], [`${countOf(task, code)} == 0`, t("{task}: no “{outcome}”", words)]];
  }));

  // A lane may be for the people of each of the departments that are asked.
  const eachOption = () => [EACH, t("each of several departments")];
  const eachNames = (lane) => (lane.party === EACH ? names(["parties", EACH]) : []);

  function takeParty(lane, party) {
    flow.rules((tree, all) => {
      tree.lanes[lane].party = party;
      const isUsed = Object.values(tree.lanes).some((one) => one.party === EACH);
      for (const language of LANGUAGES) {
        const own = read(all[language], ["parties", EACH]);
        write(all[language], ["parties", EACH], isUsed ? (own ?? choices.each[language]) : undefined);
      }
    });
  }

  return { severalPart, countedConditions, eachOption, eachNames, takeParty };
}
