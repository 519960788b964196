// What comes to a case: documents, messages for which its flow waits, departments that are named on its way.
"use strict";

const LANGUAGES = ["zh-hans", "en"];
const MESSAGE = "bpmn:MessageEventDefinition";

export const isMessage = (element) => (element?.businessObject?.eventDefinitions ?? []).some((one) => one.$type === MESSAGE);
export const messageOf = (element) => element.businessObject.eventDefinitions.find((one) => one.$type === MESSAGE).messageRef?.name ?? "";

export function createTaking({ flow, studio, controls, tools }) {
  const { h, t, choices } = studio;
  const { text, count, choose, tick, ticks, part, more, names } = controls;
  const { definition, rules, options, nameOf, write, read } = tools;

  function documentsPart() {
    const own = definition().documents ?? {};
    const all = choices.files.map(([code]) => code);
    const set = (key, value) => flow.rules((tree) => {
      write(tree, ["documents", key], value);
      if (!Object.keys(tree.documents ?? {}).length) delete tree.documents;
    });
    return more(t("Documents"), h("p", { class: "form-hint" }, t("What people may add to a case besides the files of its forms.")),
      ticks(t("Kinds of files"), choices.files, own.kinds ?? all, (chosen) => set("kinds", chosen.length && chosen.length < all.length ? chosen : undefined)),
      count(t("At most so many in a case"), own.most ?? 50, (value) => set("most", value || undefined), "documents-most"),
      count(t("At most so many megabytes each"), own.most_mb ?? 20, (value) => set("most_mb", value || undefined), "documents-mb"));
  }

  // A party that nobody knows when the case is opened.
  function laterTick(party) {
    const later = definition().named_later ?? [];
    return tick(t("Named only on the way, by an outcome of a task"), later.includes(party), (isOn) => flow.rules((tree) => {
      tree.named_later = isOn ? [...later, party] : later.filter((one) => one !== party);
      if (!tree.named_later.length) delete tree.named_later;
      if (isOn && tree.opening_parties) delete tree.opening_parties[party];
      if (!isOn) for (const task of Object.values(tree.tasks)) for (const outcome of Object.values(task.outcomes ?? {})) if (outcome.names === party) delete outcome.names;
    }), { key: `later-${party}` });
  }

  function namesChoice(path) {
    const later = definition().named_later ?? [];
    const [, task, , code] = path;
    if (!later.length) return null;
    return choose(t("Names the department for"), definition().tasks[task].outcomes[code].names ?? "", [["", t("nobody")], ...later.map((party) => [party, nameOf(["parties", party])])], (value) => rules([...path, "names"], value), { key: `${path.join(".")}-names` });
  }

  // The data that come with a message: officials fill them in under these names.
  function brought(name) {
    const { data = {} } = definition();
    const own = definition().incoming?.[name]?.brings ?? [];
    const set = (chosen) => flow.rules((tree) => write(tree, ["incoming", name, "brings"], chosen.length ? chosen : undefined));
    const value = (code, one) => LANGUAGES.map((language) => {
      const path = ["data", code, "values", one];
      const label = language === "en" ? t("“{value}” in English", { value: one }) : t("“{value}” in Chinese", { value: one });
      return text(label, read(studio.design.texts[language], path), (words) => flow.rules((_tree, all) => write(all[language], path, words)), { key: `${path.join(".")}-${language}` });
    });
    return h("div", {}, Object.keys(data).length ? ticks(t("What it brings"), Object.keys(data).map((code) => [code, code]), own, set, { hint: t("Whoever enters that it arrived fills these in.") }) : h("p", { class: "form-hint" }, t("What it brings is kept in data; add them under the case type first.")),
      own.filter((code) => data[code]).map((code) => h("div", { class: "casework-item" }, h("p", {}, h("code", {}, code)), ...names(["data", code], { table: true }), ...(data[code].values ?? []).flatMap((one) => value(code, one)))));
  }

  // An event that waits for a message from outside or from people of a lane.
  function messagePanel(element) {
    const name = messageOf(element);
    const incoming = definition().incoming?.[name] ?? {};
    return [part(t("Message"), h("p", { class: "form-hint" }, element.type === "bpmn:BoundaryEvent" ? t("When the message comes while the task is open, the case takes the way that leaves here.") : t("The case waits here until the message comes, from another system or from people of these lanes.")),
      ...names(["incoming", name], { key: `incoming-${name}` }),
      text(t("Name on the drawing"), element.businessObject.name, (value) => flow.update(element, { name: value }), { key: `${element.id}-drawn` }),
      h("p", { class: "form-hint" }, t("Other systems call it"), " ", h("code", {}, name)),
      ticks(t("May deliver it, besides the platform"), options("lanes"), incoming.lanes ?? [], (chosen) => flow.rules((tree) => { write(tree, ["incoming", name, "lanes"], chosen.length ? chosen : undefined); })), brought(name))];
  }

  return { documentsPart, laterTick, namesChoice, messagePanel };
}

// A drawn message has a name and its rule; what is drawn no longer has none.
export function keepMessages({ design: { definition, texts }, choices }, flow, stash) {
  const drawn = ["bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent"].flatMap(flow.all).filter(isMessage);
  stash.incoming ??= {};
  const known = () => new Set([...Object.keys(definition.incoming ?? {}), ...Object.keys(stash.incoming), ...drawn.map(messageOf)]);
  for (const element of drawn) if (!messageOf(element)) flow.giveMessage(element, known());
  const names = new Set(drawn.map(messageOf));
  for (const name of Object.keys(definition.incoming ?? {})) {
    if (names.has(name)) continue;
    stash.incoming[name] = { rule: definition.incoming[name], texts: Object.fromEntries(LANGUAGES.map((language) => [language, texts[language].incoming?.[name]])) };
    delete definition.incoming[name];
    for (const tree of Object.values(texts)) delete tree.incoming?.[name];
  }
  for (const name of names) {
    (definition.incoming ??= {})[name] ??= stash.incoming[name]?.rule ?? {};
    for (const [language, tree] of Object.entries(texts)) (tree.incoming ??= {})[name] ??= stash.incoming[name]?.texts[language] ?? choices.message[language];
  }
  keepBrought(definition, texts, stash);
}

// Only data that messages bring have names.
function keepBrought(definition, texts, stash) {
  const brought = new Set(Object.values(definition.incoming ?? {}).flatMap((rule) => rule.brings ?? []));
  stash.brought ??= {};
  for (const [language, tree] of Object.entries(texts)) {
    const known = (stash.brought[language] ??= {});
    for (const code of Object.keys(tree.data ?? {})) if (!brought.has(code)) {
      known[code] = tree.data[code];
      delete tree.data[code];
    }
    for (const code of brought) if (tree.data?.[code] === undefined && known[code]) (tree.data ??= {})[code] = known[code];
  }
}
