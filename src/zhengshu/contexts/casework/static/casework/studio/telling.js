// Who is told of what, in which words: messages to people, and notices in writing.
"use strict";

const LANGUAGES = ["zh-hans", "en"];
const OF_TASKS = ["task_opened", "task_handed_over", "task_done"];
const WITH_DOERS = ["task_opened", "task_handed_over", "escalated", "urged"];
const copy = (value) => structuredClone(value);

// An outcome of a task has another code, or none any more: messages, notices and clocks follow.
export function followOutcome(tree, task, code, made) {
  const moved = (codes) => codes.map((one) => (one === code ? made : one)).filter(Boolean);
  for (const rule of [...Object.values(tree.messages ?? {}), ...Object.values(tree.notices ?? {})]) if (rule.task === task && rule.outcomes) rule.outcomes = moved(rule.outcomes);
  for (const clock of Object.values(tree.clocks ?? {})) {
    if (clock.stops_with?.[task]) clock.stops_with[task] = moved(clock.stops_with[task]);
    if (made && clock.silence?.task === task && clock.silence.outcome === code) clock.silence.outcome = made;
  }
}

export function createTelling({ studio, flow, controls, tools }) {
  const { h, t, choices } = studio;
  const { text, choose, ticks, button, part, more, fold } = controls;
  const { write, read, definition, rules, nameOf, options, fresh } = tools;
  let writing = null;

  // The words in both languages, with facts that may be put where one writes -----------------------------------

  function words(group, code) {
    const path = [group, code];
    const field = (language, kind, label, lines) => {
      const key = `${group}-${code}-${kind}-${language}`;
      const at = [...path, kind];
      const change = (value) => flow.rules((_tree, all) => write(all[language], at, value));
      const box = text(label, read(studio.design.texts[language], at), change, { lines, key });
      const control = box.querySelector("input, textarea");
      const remember = () => { writing = { place: path.join("."), language, at, caret: control.selectionEnd, typed: control.value }; };
      for (const happens of ["focus", "keyup", "click", "input"]) control.addEventListener(happens, remember);
      return box;
    };
    return h("div", {},
      field("zh-hans", "title", t("Title in Chinese"), 0), field("zh-hans", "text", t("Words in Chinese"), 4),
      field("en", "title", t("Title in English"), 0), field("en", "text", t("Words in English"), 4),
      choose(t("Insert a fact of the case"), "", [["", t("(choose)")], ...facts()], (fact) => insert(group, code, fact), { key: `${group}-${code}-fact`, hint: t("It comes where you last wrote. A line whose facts are all empty is left out.") }));
  }

  const facts = () => [...choices.facts,
    ...(definition().parties ?? []).map((code) => [`party_${code}`, nameOf(["parties", code])]),
    ...Object.keys(definition().data ?? {}).map((code) => [code, t("Datum {code}", { code })])];

  function insert(group, code, fact) {
    if (!fact) return;
    const place = `${group}.${code}`;
    const into = writing?.place === place ? writing : { language: choices.language, at: [group, code, "text"], caret: null };
    flow.rules((_tree, all) => {
      const before = into.typed ?? read(all[into.language], into.at) ?? "";
      const caret = into.caret ?? before.length;
      const after = `${before.slice(0, caret)}{${fact}}${before.slice(caret)}`;
      write(all[into.language], into.at, after);
      if (into.caret !== null) Object.assign(into, { caret: caret + fact.length + 2, typed: after });
    });
  }

  const titleOf = (group, code) => (read(studio.design.texts[choices.language], [group, code, "title"]) || code).replace(/\{[^}]*\}/g, "…");

  function add(group, kind, rule, given = {}) {
    flow.rules((tree, all) => {
      const code = fresh(Object.keys(tree[group] ?? {}), kind);
      (tree[group] ??= {})[code] = rule;
      for (const language of LANGUAGES) write(all[language], [group, code], given[language] ?? { title: "", text: "" });
      fold(`${group}.${code}`);
    });
  }

  const remove = (group, code) => flow.rules((tree, all) => {
    delete tree[group][code];
    for (const language of LANGUAGES) delete all[language][group]?.[code];
    if (!Object.keys(tree[group]).length) delete tree[group];
  });

  // Messages -------------------------------------------------------------------------------------------------

  function usual() {
    flow.rules((tree, all) => {
      for (const [code, { rule, texts }] of Object.entries(choices.usual)) {
        if (tree.messages?.[code]) continue;
        const to = code === "ended" && (tree.applicant ?? []).length ? [...new Set([...rule.to, "applicant"])] : rule.to;
        (tree.messages ??= {})[code] = { ...copy(rule), to };
        for (const language of LANGUAGES) write(all[language], ["messages", code], copy(texts[language]));
      }
    });
  }

  function messagesPart() {
    const codes = Object.keys(definition().messages ?? {});
    const missing = Object.keys(choices.usual).some((code) => !codes.includes(code));
    return more(t("Messages to people"), h("p", { class: "form-hint" }, t("Who is told of what. Everybody reads it on the site; e-mail and SMS reach those who chose them, and name no person.")),
      codes.map(messagePart),
      missing ? button(t("Add the usual messages"), usual) : null, " ",
      button(t("Add a message"), () => add("messages", "message", { occasion: "closed", to: ["opener"], by: ["site"] })));
  }

  function messagePart(code) {
    const rule = definition().messages[code];
    const key = `messages.${code}`;
    const set = (name, value) => rules(["messages", code, name], value);
    const outcomes = Object.keys(definition().tasks?.[rule.task]?.outcomes ?? {}).map((one) => [one, nameOf(["tasks", rule.task, "outcomes", one])]);
    const ends = (definition().ends ?? []).map((end) => [end, nameOf(["ends", end])]);
    return h("div", { class: "casework-item" }, more([titleOf("messages", code), key],
      choose(t("Told when"), rule.occasion, choices.occasions, (value) => turn(code, value), { key: `${key}-occasion` }),
      OF_TASKS.includes(rule.occasion) ? choose(t("Of which task"), rule.task ?? "", [["", t("every task")], ...options("tasks", ["name"])], (value) => flow.rules((tree) => { const own = tree.messages[code]; delete own.outcomes; write(own, ["task"], value); }), { key: `${key}-task` }) : null,
      rule.occasion === "task_done" && rule.task && outcomes.length > 1 ? ticks(t("Only if it ended like this"), outcomes, rule.outcomes ?? [], (chosen) => set("outcomes", chosen.length ? chosen : undefined), { hint: t("Nothing ticked: however it ended.") }) : null,
      rule.occasion === "closed" && ends.length > 1 ? ticks(t("Only if the case ended like this"), ends, rule.ends ?? [], (chosen) => set("ends", chosen.length ? chosen : undefined), { hint: t("Nothing ticked: however it ended.") }) : null,
      ticks(t("Told to these people"), receivers(rule), rule.to ?? [], (chosen) => flow.rules((tree) => { tree.messages[code].to = chosen; })),
      ticks(t("Besides the site also by"), choices.channels, (rule.by ?? ["site"]).filter((one) => one !== "site"), (chosen) => set("by", ["site", ...chosen])),
      words("messages", code), button(t("Remove this message"), () => remove("messages", code))));
  }

  function receivers(rule) {
    const applicant = (definition().applicant ?? []).length ? [["applicant", t("Whoever applied")]] : [];
    const doers = WITH_DOERS.includes(rule.occasion) ? [["doers", t("Whoever has to act")]] : [];
    const lanes = options("lanes").filter(([code]) => definition().lanes[code].party !== "each" && definition().lanes[code].party !== "applicant");
    return [...doers, ["opener", t("Whoever opened the case")], ...applicant, ...lanes];
  }

  // Another occasion takes along only what still fits.
  function turn(code, occasion) {
    flow.rules((tree) => {
      const { task, outcomes, ends, ...rule } = tree.messages[code];
      const to = rule.to.filter((one) => one !== "doers" || WITH_DOERS.includes(occasion));
      tree.messages[code] = { ...rule, occasion, to: to.length ? to : [WITH_DOERS.includes(occasion) ? "doers" : "opener"], ...(OF_TASKS.includes(occasion) && task ? { task } : {}), ...(occasion === "task_done" && outcomes ? { outcomes } : {}), ...(occasion === "closed" && ends ? { ends } : {}) };
    });
  }

  // Notices --------------------------------------------------------------------------------------------------

  function noticePart(code) {
    const rule = definition().notices[code];
    const key = `notices.${code}`;
    const outcomesOf = (task) => Object.keys(definition().tasks?.[task]?.outcomes ?? {}).map((one) => [one, nameOf(["tasks", task, "outcomes", one])]);
    return h("div", { class: "casework-item" }, more([titleOf("notices", code), key],
      choose(t("Issued when this task ends"), rule.task, options("tasks", ["name"]), (task) => rules(["notices", code], { task, outcomes: outcomesOf(task).map(([one]) => one).slice(0, 1) }), { key: `${key}-task` }),
      ticks(t("With one of these outcomes"), outcomesOf(rule.task), rule.outcomes ?? [], (chosen) => flow.rules((tree) => { tree.notices[code].outcomes = chosen; })),
      words("notices", code), button(t("Remove this notice"), () => remove("notices", code))));
  }

  function addNotice(task) {
    const outcome = Object.keys(definition().tasks?.[task]?.outcomes ?? {})[0];
    if (outcome) add("notices", "notice", { task, outcomes: [outcome] }, copy(choices.notice));
  }

  function noticesPart() {
    const first = Object.keys(definition().tasks ?? {})[0];
    return more(t("Notices in writing"), h("p", { class: "form-hint" }, t("Letters of the office, such as a notice of refusal: written when a task ends, kept as they were issued, to be printed.")),
      Object.keys(definition().notices ?? {}).map(noticePart), first ? button(t("Add a notice in writing"), () => addNotice(first)) : null);
  }

  // What is told and written when one task ends.
  function taskPart(task) {
    const mine = (group) => Object.entries(definition()[group] ?? {}).filter(([, rule]) => rule.task === task).map(([code]) => code);
    return part(t("What people are told"), mine("messages").map(messagePart), mine("notices").map(noticePart),
      button(t("Tell somebody when it ends"), () => add("messages", "message", { occasion: "task_done", task, to: (definition().applicant ?? []).length ? ["applicant"] : ["opener"], by: ["site"] }, copy(choices.answered))), " ",
      button(t("Add a notice in writing"), () => addNotice(task)));
  }

  return { messagesPart, noticesPart, taskPart };
}
