// The flow: bpmn-js with the elements that the engine runs, and the rules of type.yaml kept in step with the drawing.
"use strict";

const KINDS = {
  "bpmn:UserTask": "task", "bpmn:Lane": "lane", "bpmn:EndEvent": "end", "bpmn:StartEvent": "start", "bpmn:ExclusiveGateway": "choice",
  "bpmn:ParallelGateway": "parallel", "bpmn:SequenceFlow": "arrow", "bpmn:Participant": "pool", "bpmn:BusinessRuleTask": "rule",
  "bpmn:IntermediateCatchEvent": "wait", "bpmn:BoundaryEvent": "wait",
};
const PAD = new Set(["append.end-event", "append.gateway", "append.text-annotation", "connect", "delete", "lane-insert-above", "lane-insert-below", "lane-divide-two", "lane-divide-three"]);
const TIMERS = ["bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"];
const GROUPS = { "bpmn:UserTask": "tasks", "bpmn:Lane": "lanes", "bpmn:EndEvent": "ends" };

const CAMUNDA = "http://camunda.org/schema/1.0/bpmn";

export const copy = (value) => structuredClone(value);

function calmPalette(studio) {
  function Palette(palette, create, elementFactory, spaceTool, lassoTool, handTool, globalConnect) {
    const creates = (type, css, title, more = {}) => {
      const begin = (event) => create.start(event, elementFactory.createShape({ type, ...more }));
      return { group: "elements", className: css, title: studio.t(title), action: { dragstart: begin, click: begin } };
    };
    this.getPaletteEntries = () => ({
      "hand-tool": { group: "tools", className: "bpmn-icon-hand-tool", title: studio.t("Move the sheet"), action: { click: (event) => handTool.activateHand(event) } },
      "lasso-tool": { group: "tools", className: "bpmn-icon-lasso-tool", title: studio.t("Select several"), action: { click: (event) => lassoTool.activateSelection(event) } },
      "space-tool": { group: "tools", className: "bpmn-icon-space-tool", title: studio.t("Make room"), action: { click: (event) => spaceTool.activateSelection(event) } },
      "global-connect-tool": { group: "tools", className: "bpmn-icon-connection-multi", title: studio.t("Draw an arrow"), action: { click: (event) => globalConnect.start(event) } },
      "tool-separator": { group: "tools", separator: true },
      "create.start-event": creates("bpmn:StartEvent", "bpmn-icon-start-event-none", "Start"),
      "create.user-task": creates("bpmn:UserTask", "bpmn-icon-user-task", "Task of a person"),
      "create.business-rule-task": creates("bpmn:BusinessRuleTask", "bpmn-icon-business-rule", "Decision by a table"),
      "create.exclusive-gateway": creates("bpmn:ExclusiveGateway", "bpmn-icon-gateway-xor", "Decision: one way is taken"),
      "create.parallel-gateway": creates("bpmn:ParallelGateway", "bpmn-icon-gateway-parallel", "Parallel: all ways at once, or waiting for all"),
      "create.timer": creates("bpmn:IntermediateCatchEvent", "bpmn-icon-intermediate-event-catch-timer", "Timer: drop it on a task's edge to leave the task when the time is over", { eventDefinitionType: "bpmn:TimerEventDefinition" }),
      "create.message": creates("bpmn:IntermediateCatchEvent", "bpmn-icon-intermediate-event-catch-message", "Message: the case waits for it; drop it on a task's edge to leave the task when it comes", { eventDefinitionType: "bpmn:MessageEventDefinition" }),
      "create.end-event": creates("bpmn:EndEvent", "bpmn-icon-end-event-none", "End"),
    });
    palette.registerProvider(this);
  }
  Palette.$inject = ["palette", "create", "elementFactory", "spaceTool", "lassoTool", "handTool", "globalConnect"];
  return Palette;
}

function calmPad(studio) {
  function Pad(contextPad, autoPlace, elementFactory, create) {
    this.getContextPadEntries = (element) => (entries) => {
      const canAppend = "append.append-task" in entries;
      for (const name of Object.keys(entries)) if (!PAD.has(name)) delete entries[name];
      if (!canAppend) return entries;
      const shape = (type) => elementFactory.createShape({ type });
      const appends = (type, css, title) => ({
        group: "model", className: css, title: studio.t(title),
        action: { click: () => autoPlace.append(element, shape(type)), dragstart: (event) => create.start(event, shape(type), { source: element }) },
      });
      return {
        "append.user-task": appends("bpmn:UserTask", "bpmn-icon-user-task", "Append a task"),
        "append.business-rule-task": appends("bpmn:BusinessRuleTask", "bpmn-icon-business-rule", "Append a decision by a table"),
        "append.parallel-gateway": appends("bpmn:ParallelGateway", "bpmn-icon-gateway-parallel", "Append a parallel gateway"),
        ...entries,
      };
    };
    contextPad.registerProvider(400, this);
  }
  Pad.$inject = ["contextPad", "autoPlace", "elementFactory", "create"];
  return Pad;
}

// One command for every change of the rules, so that undo takes it back like a change of the drawing.
function rulesHandler(studio) {
  return function Rules() {
    const take = (side) => Object.assign(studio.design, { definition: copy(side.definition), texts: copy(side.texts) });
    this.execute = (context) => (take(context.after), []);
    this.revert = (context) => (take(context.before), []);
  };
}

export async function mount(studio, pane, properties) {
  await studio.script(studio.root.dataset.bpmn);
  const canvas = studio.h("div", { class: "casework-canvas" });
  pane.append(canvas);
  const modeler = new window.BpmnJS({
    container: canvas,
    additionalModules: [{
      __init__: ["calmPad"],
      paletteProvider: ["type", calmPalette(studio)],
      calmPad: ["type", calmPad(studio)],
      translate: ["value", (text, places) => studio.t(text, places)],
    }],
  });
  const get = (name) => modeler.get(name);
  namesInOurWay(get("bpmnFactory"));
  get("commandStack").registerHandler("studio.rules", rulesHandler(studio));
  await modeler.importXML(studio.design.flow);
  modeler.getDefinitions().$attrs["xmlns:camunda"] ??= CAMUNDA;
  const { createPanel } = await import(studio.root.dataset.panel);
  const extra = Object.assign({}, ...(await Promise.all(["more", "telling", "taking", "several"].map((name) => import(studio.root.dataset[name])))));
  const flow = editor(studio, modeler, get);
  flow.followCounts = (changes) => extra.followCounts(flow, changes);
  extra.readLists(flow, studio.design.flow);
  const panel = createPanel(studio, flow, properties, extra);
  drawNames(studio, flow, get);
  const stash = { tasks: {}, lanes: {}, texts: {}, keepMessages: extra.keepMessages };
  get("eventBus").on("commandStack.changed", () => {
    keepInStep(studio, flow, stash);
    studio.changed();
    panel.render();
  });
  get("eventBus").on("selection.changed", () => panel.render());
  keepInStep(studio, flow, stash);
  fit(get("canvas"));
  panel.render();
  flow.shown = () => {
    get("canvas").resized();
    panel.render();
  };
  flow.reveal = panel.reveal;
  return flow;
}

// The whole flow, beside the palette and not under it.
function fit(canvas) {
  const { inner, outer } = canvas.viewbox();
  const [left, edge] = [90, 24];
  const scale = Math.min(1.2, (outer.width - left - edge) / inner.width, (outer.height - 2 * edge) / inner.height);
  canvas.viewbox({ x: inner.x - left / scale, y: inner.y - (outer.height / scale - inner.height) / 2, width: outer.width / scale, height: outer.height / scale });
}

// The drawing shows the Chinese names of the texts, whatever an older file has written into it.
function drawNames(studio, flow, get) {
  const chinese = studio.design.texts["zh-hans"] ?? {};
  for (const pool of flow.all("bpmn:Participant")) {
    if (typeof chinese.name !== "string" || pool.businessObject.name === chinese.name) continue;
    pool.businessObject.name = chinese.name;
    get("eventBus").fire("elements.changed", { elements: [pool] });
  }
  for (const [type, group] of Object.entries(GROUPS)) {
    for (const element of flow.all(type)) {
      const known = chinese[group]?.[element.id];
      const name = group === "tasks" ? known?.name : known;
      if (typeof name !== "string" || !name || element.businessObject.name === name) continue;
      element.businessObject.name = name;
      get("eventBus").fire("elements.changed", { elements: [element, ...element.labels] });
    }
  }
}

function namesInOurWay(factory) {
  const original = factory._ensureId.bind(factory);
  factory._ensureId = (element) => {
    const kind = KINDS[element.$type];
    if (!element.id && kind) element.id = factory._model.ids.nextPrefixed(`${kind}_`, element);
    original(element);
  };
}

function editor(studio, modeler, get) {
  const registry = get("elementRegistry");
  const all = (type) => registry.filter((element) => element.type === type && element.id !== undefined && !element.labelTarget);
  const flow = {
    all,
    element: (id) => registry.get(id),
    selected: () => get("selection").get().map((element) => element.labelTarget ?? element),
    nameOf: (id) => registry.get(id)?.businessObject.name ?? "",
    select(id) {
      const element = registry.get(id);
      if (!element) return get("selection").select([]);
      get("selection").select(element);
      get("canvas").scrollToElement(element, 80);
    },
    update: (element, values) => get("modeling").updateProperties(element, values),
    condition(element, text) {
      const body = text ? get("moddle").create("bpmn:FormalExpression", { body: text }) : undefined;
      flow.update(element, { conditionExpression: body });
    },
    // Says that an element is done several times: over a list or a number, in which order, until when.
    repeat(element, several) {
      const create = (type, values) => get("moddle").create(type, values);
      if (!several) return flow.update(element, { loopCharacteristics: undefined });
      const loop = create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: several.isSequential });
      if (/^[a-z][a-z0-9_]*$/.test(several.over)) loop.set("camunda:collection", several.over);
      else if (several.over) loop.loopCardinality = create("bpmn:FormalExpression", { body: several.over });
      if (several.until) loop.completionCondition = create("bpmn:FormalExpression", { body: several.until });
      loop.$parent = element.businessObject;
      return flow.update(element, { loopCharacteristics: loop });
    },
    laneAbove: (lane) => get("modeling").addLane(lane, "top"),
    // Changes the rules or names by one command that can be undone.
    rules(change) {
      const before = copy({ definition: studio.design.definition, texts: studio.design.texts });
      const after = copy(before);
      change(after.definition, after.texts);
      get("commandStack").execute("studio.rules", { before, after });
    },
    rename: (element, id) => rename(flow, element, id),
    // A message event waits for a message of its own, until another one is drawn.
    giveMessage(element, known) {
      let next = 1;
      while (known.has(`message_${next}`)) next += 1;
      const definitions = modeler.getDefinitions();
      const message = get("moddle").create("bpmn:Message", { id: `Message_${element.id}`, name: `message_${next}` });
      message.$parent = definitions;
      definitions.get("rootElements").push(message);
      element.businessObject.eventDefinitions[0].messageRef = message;
      known.add(message.name);
    },
    mark: (faults) => mark(get, registry, faults),
    undo: () => get("commandStack").canUndo() && get("commandStack").undo(),
    redo: () => get("commandStack").canRedo() && get("commandStack").redo(),
    async collect() {
      studio.design.flow = (await modeler.saveXML({ format: true })).xml;
    },
  };
  return flow;
}

// The findings of the checker beside the elements.
function mark(get, registry, faults) {
  const overlays = get("overlays");
  overlays.remove({ type: "fault" });
  const byElement = new Map();
  for (const fault of faults) if (fault.element && registry.get(fault.element)) byElement.set(fault.element, [...(byElement.get(fault.element) ?? []), fault.text]);
  for (const [id, texts] of byElement) {
    const sign = document.createElement("span");
    sign.className = "casework-fault-sign";
    sign.textContent = String(texts.length);
    sign.title = texts.join("\n");
    overlays.add(id, "fault", { position: { top: -10, right: 10 }, html: sign });
  }
}

// A drawn task, lane or end has its rule and its name; what was deleted waits, in case that it comes back by undo.
function keepInStep(studio, flow, stash) {
  const { definition, texts } = studio.design;
  for (const group of ["tasks", "lanes"]) definition[group] ??= {};
  for (const [type, group] of Object.entries(GROUPS)) {
    const drawn = flow.all(type);
    const ids = new Set(drawn.map((element) => element.id));
    forget(definition, texts, group, ids, stash);
    for (const element of drawn) remember(studio, group, element, stash);
  }
  keepTimers(studio, flow, stash);
  stash.keepMessages(studio, flow, stash);
  const ends = new Set(flow.all("bpmn:EndEvent").map((element) => element.id));
  if (definition.withdrawal) ends.add(definition.withdrawal.end ?? "withdrawn");
  definition.ends = [...ends];
}

function keepTimers({ design: { definition, texts } }, flow, stash) {
  const drawn = TIMERS.flatMap(flow.all).filter((element) => (element.businessObject.eventDefinitions ?? []).some((one) => one.$type === "bpmn:TimerEventDefinition"));
  const ids = new Set(drawn.map((element) => element.id));
  stash.timers ??= {};
  for (const id of Object.keys(definition.timers ?? {})) {
    if (ids.has(id)) continue;
    stash.timers[id] = definition.timers[id];
    stash.texts[id] = Object.fromEntries(Object.entries(texts).map(([language, tree]) => [language, tree.events?.[id]]));
    delete definition.timers[id];
    for (const tree of Object.values(texts)) delete tree.events?.[id];
  }
  for (const { id, businessObject } of drawn) {
    (definition.timers ??= {})[id] ??= stash.timers[id] ?? [{ value: 5, unit: "working_days", basis: "" }];
    for (const [language, tree] of Object.entries(texts)) (tree.events ??= {})[id] ??= stash.texts[id]?.[language] ?? "";
    if (businessObject.name) texts["zh-hans"].events[id] = businessObject.name;
  }
}

function forget(definition, texts, group, ids, stash) {
  const known = group === "ends" ? (definition.ends ?? []) : Object.keys(definition[group]);
  const withdrawn = definition.withdrawal ? (definition.withdrawal.end ?? "withdrawn") : "";
  for (const id of known) {
    if (ids.has(id) || (group === "ends" && id === withdrawn)) continue;
    stash.texts[id] = Object.fromEntries(Object.entries(texts).map(([language, tree]) => [language, tree[group]?.[id]]));
    for (const tree of Object.values(texts)) if (tree[group]) delete tree[group][id];
    if (group === "ends") continue;
    stash[group][id] = definition[group][id];
    delete definition[group][id];
  }
}

function remember(studio, group, element, stash) {
  const { definition, texts } = studio.design;
  const { id } = element;
  if (group === "tasks") definition.tasks[id] ??= stash.tasks[id] ?? { outcomes: { done: { tone: "primary" } } };
  if (group === "lanes") definition.lanes[id] ??= stash.lanes[id] ?? { party: definition.parties?.[0] ?? "department", roles: [] };
  for (const [language, tree] of Object.entries(texts)) {
    tree[group] ??= {};
    if (tree[group][id] === undefined) tree[group][id] = stash.texts[id]?.[language] ?? (group === "tasks" ? { name: "", hint: "", outcomes: studio.choices.done[language] } : "");
  }
  const name = element.businessObject.name ?? "";
  const chinese = texts["zh-hans"];
  if (!name) return;
  if (group === "tasks") chinese.tasks[id] = { ...chinese.tasks[id], name };
  else chinese[group][id] = name;
}

// A code is used in many places; all of them follow.
function rename(flow, element, id) {
  const before = element.id;
  if (before === id) return;
  const word = new RegExp(`\\b${before}\\b`, "g");
  const moved = (tree) => {
    if (typeof tree === "string") return tree === before ? id : tree;
    if (Array.isArray(tree)) return tree.map(moved);
    if (tree === null || typeof tree !== "object") return tree;
    return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key === before ? id : key, key === "when" && typeof value === "string" ? value.replace(word, id) : moved(value)]));
  };
  let outcomes = [];
  flow.rules((definition, texts) => {
    outcomes = Object.keys(definition.tasks?.[before]?.outcomes ?? {});
    for (const group of ["lanes", "tasks", "clocks", "opened_by", "withdrawal", "ends", "timers"]) if (definition[group] !== undefined) definition[group] = moved(definition[group]);
    for (const group of ["messages", "notices", "incoming"]) for (const [code, rule] of Object.entries(definition[group] ?? {})) definition[group][code] = moved(rule);
    for (const tree of Object.values(texts)) for (const group of ["lanes", "tasks", "ends", "events"]) {
      if (tree[group]?.[before] === undefined) continue;
      tree[group] = Object.fromEntries(Object.entries(tree[group]).map(([key, value]) => [key === before ? id : key, value]));
    }
  });
  flow.update(element, { id });
  flow.followCounts(outcomes.map((code) => [`${before}_${code}`, `${id}_${code}`]));
  for (const arrow of flow.all("bpmn:SequenceFlow")) {
    const text = arrow.businessObject.conditionExpression?.body;
    if (text && word.test(text)) flow.condition(arrow, text.replace(word, id));
    word.lastIndex = 0;
  }
}
