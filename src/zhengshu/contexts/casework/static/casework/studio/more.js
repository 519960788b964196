// More of the properties: who asks and by which form, escalation, promises, silence, timers.
"use strict";

const ASKING = ["citizen", "enterprise_delegate"];
const TIMER = "bpmn:TimerEventDefinition";
const LANGUAGES = ["zh-hans", "en"];

export const isTimer = (element) => (element?.businessObject?.eventDefinitions ?? []).some((one) => one.$type === TIMER);

export function createMore({ studio, flow, controls, tools }) {
  const { h, t, choices } = studio;
  const { text, count, choose, tick, ticks, button, part, more, names, drawnNames } = controls;
  const { write, definition, rules, nameOf } = tools;

  // Who asks, and by which form -----------------------------------------------------------------------------

  function applicantPart() {
    const asking = definition().applicant ?? [];
    return part(t("Who asks"), h("p", { class: "form-hint" }, t("Tick who may apply for it from outside. They get a lane of their own, and their cases stand in “My matters”.")),
      ticks(t("May apply"), choices.roles.filter(([role]) => ASKING.includes(role)), asking, setApplicants),
      asking.length ? h("div", {}, ...names(["parties", "applicant"])) : null);
  }

  function setApplicants(roles) {
    const lane = flow.all("bpmn:Lane").find((one) => definition().lanes[one.id]?.party === "applicant");
    flow.rules((tree, all) => {
      if (roles.length) tree.applicant = roles;
      else delete tree.applicant;
      for (const language of LANGUAGES) write(all[language], ["parties", "applicant"], roles.length ? (all[language].parties?.applicant ?? choices.applicant[language]) : undefined);
      if (lane && roles.length) tree.lanes[lane.id].roles = roles;
    });
    if (roles.length && !lane) addLane(roles);
  }

  // The lane of those who ask is drawn above all others.
  function addLane(roles) {
    const first = flow.all("bpmn:Lane").sort((one, other) => one.y - other.y)[0];
    if (!first) return;
    const lane = flow.laneAbove(first);
    flow.rename(lane, "applicant");
    flow.update(lane, { name: choices.applicant["zh-hans"] });
    flow.rules((tree, all) => {
      tree.lanes.applicant = { party: "applicant", roles };
      tree.opened_by = [...new Set([...(tree.opened_by ?? []), "applicant"])];
      for (const language of LANGUAGES) write(all[language], ["lanes", "applicant"], choices.applicant[language]);
    });
  }

  function openingPart() {
    const { opening_form: form, parties = [], named_later: later = [], opening_parties: ways = {} } = definition();
    if (!Object.keys(studio.design.forms).length) return h("p", { class: "form-hint" }, t("Without a form only the platform opens such cases. Draw one on the tab “Forms”, then choose it here."));
    if (!form) return null;
    return h("div", {}, parties.filter((party) => !later.includes(party)).map((party) => wayPart(party, ways[party] ?? "")));
  }

  function wayPart(party, way) {
    const ours = `department:${choices.department[0]}`;
    const kind = way.startsWith("field:") ? "field:" : way.startsWith("department:") && way !== ours ? "department:" : way;
    const set = (value) => rules(["opening_parties", party], value);
    return h("div", { class: "casework-item" },
      choose(t("Who is “{party}” in a case that is opened by the form", { party: nameOf(["parties", party]) }), kind, [["", t("(choose)")], [ours, choices.department[1]], ["own", t("the department of whoever opens it")], ["authority", t("the data authority above it")], ["field:", t("the department that a field of the form names")], ["department:", t("another department")]], set, { key: `way-${party}` }),
      kind === "field:" ? text(t("Key of the field"), way.slice(6), (value) => set(`field:${value}`), { key: `way-${party}-field` }) : null,
      kind === "department:" ? text(t("Unified social credit code of the department"), way.slice(11), (value) => set(`department:${value}`), { key: `way-${party}-code` }) : null);
  }

  // What happens when it takes long -------------------------------------------------------------------------

  function escalationPart() {
    const steps = definition().escalation ?? [];
    const change = (edit) => flow.rules((tree) => { tree.escalation ??= []; edit(tree.escalation); if (!tree.escalation.length) delete tree.escalation; });
    return more(t("Escalation"), h("p", { class: "form-hint" }, t("To whom it is told, once for each time limit, that a case nears its end or has passed it.")),
      steps.map((step, index) => escalationStep(step, index, change)), button(t("Add a step of escalation"), () => change((all) => all.push({ at: "red", to: ["handler_head"] }))));
  }

  function escalationStep(step, index, change) {
    const key = `escalation-${index}`;
    const when = step.at || "after";
    const turn = (value) => change((all) => { all[index] = value === "after" ? { after: 5, unit: "working_days", to: step.to } : { at: value, to: step.to }; });
    return h("div", { class: "casework-item" },
      choose(t("When"), when, [["yellow", t("the light turns yellow")], ["red", t("the limit has passed")], ["after", t("some time after the limit")]], turn, { key: `${key}-when` }),
      when === "after" ? h("div", { class: "casework-inline" }, count(t("By so many"), step.after, (value) => change((all) => { all[index].after = value ?? 1; }), `${key}-after`), choose(t("Unit"), step.unit ?? "working_days", choices.units, (value) => change((all) => { all[index].unit = value; }), { key: `${key}-unit` })) : null,
      ticks(t("Told to"), choices.recipients, step.to ?? [], (chosen) => change((all) => { all[index].to = chosen; })),
      button(t("Remove"), () => change((all) => all.splice(index, 1))));
  }

  function clockParts(code, clock) {
    return [more(t("Promise"), ...promisePart(code, clock)), more(t("Silence"), ...silencePart(code, clock))];
  }

  function promisePart(code, clock) {
    const { promised } = clock;
    const toggle = tick(t("The office promises less than the law allows"), Boolean(promised), (isOn) => rules(["clocks", code, "promised"], isOn ? { value: Math.max(1, (clock.limits?.at(-1)?.value ?? 2) - 1), basis: "" } : undefined), { key: `${code}-promised` });
    const set = (key, value) => flow.rules((tree) => { tree.clocks[code].promised[key] = value; });
    if (!promised) return [toggle];
    return [toggle, count(t("Promised, in the unit of the limit"), promised.value, (value) => set("value", value ?? 1), `${code}-promised-value`),
      text(t("Where it is promised"), promised.basis, (value) => set("basis", value), { key: `${code}-promised-basis`, hint: t("The notice or the implementation list of the office") })];
  }

  function silencePart(code, clock) {
    const { silence } = clock;
    const tasks = Object.keys(definition().tasks ?? {}).filter((task) => (clock.covers ?? []).includes(task));
    const first = tasks[0] ?? clock.starts_with;
    const outcomesOf = (task) => Object.keys(definition().tasks[task]?.outcomes ?? {}).map((one) => [one, nameOf(["tasks", task, "outcomes", one])]);
    const toggle = tick(t("The law says what it means when nobody answers in time"), Boolean(silence), (isOn) => rules(["clocks", code, "silence"], isOn ? { task: first, outcome: outcomesOf(first)[0]?.[0] ?? "", basis: "" } : undefined), { key: `${code}-silence` });
    const set = (key, value) => flow.rules((tree) => { tree.clocks[code].silence[key] = value; });
    if (!silence) return [toggle];
    return [toggle, choose(t("Then this task"), silence.task, tasks.map((task) => [task, nameOf(["tasks", task, "name"])]), (value) => set("task", value), { key: `${code}-silence-task` }),
      choose(t("ends with"), silence.outcome, outcomesOf(silence.task), (value) => set("outcome", value), { key: `${code}-silence-outcome` }),
      choose(t("What follows counts from"), silence.counts_from ?? "end", [["end", t("the end of this limit")], ["start", t("the day on which it began")]], (value) => set("counts_from", value === "end" ? undefined : value), { key: `${code}-silence-from`, hint: t("Some laws date it back, such as to the day of receipt.") }),
      text(t("Legal basis"), silence.basis, (value) => set("basis", value), { key: `${code}-silence-basis`, hint: t("Only a law can give silence a meaning, such as 行政许可法第三十二条") })];
  }

  // A clock in the drawing: the case waits, or a task is left when the time is over.
  function timerPanel(element) {
    const limits = definition().timers?.[element.id] ?? [];
    const set = (index, key, value) => flow.rules((tree) => write(tree.timers[element.id][index], [key], value));
    return [part(t("Timer"), h("p", { class: "form-hint" }, element.type === "bpmn:BoundaryEvent" ? t("When the task is still open after this time, the case takes the way that leaves here.") : t("The case waits here for this time.")),
      ...drawnNames(element, "events", false),
      limits.map((limit, index) => h("div", { class: "casework-limit" },
        h("div", { class: "casework-inline" }, count(t("Limit"), limit.value, (value) => set(index, "value", value ?? 1), `${element.id}-${index}-value`), choose(t("Unit"), limit.unit, choices.units, (value) => set(index, "unit", value), { key: `${element.id}-${index}-unit` })),
        text(t("Legal basis"), limit.basis, (value) => flow.rules((tree) => { tree.timers[element.id][index].basis = value; }), { key: `${element.id}-${index}-basis` }))))];
  }

  function purposesPart() {
    return more(t("Data from other departments"), text(t("Purposes of use, separated by commas"), (definition().purposes ?? []).join(", "), (value) => rules(["purposes"], value ? value.split(/[,，]/).map((one) => one.trim()).filter(Boolean) : undefined), { key: "purposes", hint: t("Codes of the platform's list, such as public_service. Fields of a form that are bound to a data element are fetched under them.") }));
  }

  return { applicantPart, openingPart, escalationPart, purposesPart, clockParts, timerPanel };
}
