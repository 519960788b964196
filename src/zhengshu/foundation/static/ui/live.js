// Parts of a page that update by themselves. While the page is looked at, a stamp is asked for every few seconds; when
// it changed, the page is fetched once more and its parts, drawn by the server, take the place of the old ones.
// Comfort only: without this file the page shows what was true when it was loaded.
"use strict";

// A page has several scripts; what is declared here stays here.
(() => {
  const SECONDS = 10;
  const SLOWEST = 120;

  const bell = document.querySelector("[data-live-url]");
  const voice = document.querySelector("[data-live-voice]");
  let tag = null;
  let known = null;
  let wait = SECONDS;
  let timer = 0;

  function address() {
    const url = new URL(bell.dataset.liveUrl, location.href);
    for (const name of new Set([...document.querySelectorAll("[data-live]")].map((one) => one.dataset.live))) {
      if (name) url.searchParams.append("part", name);
    }
    const shown = document.querySelector("[data-live-case]");
    if (shown) url.searchParams.set("case", shown.dataset.liveCase);
    return url;
  }

  // The header says that nobody is at work: such requests do not keep a session alive.
  function ask(url, headers) {
    return fetch(url, { credentials: "same-origin", cache: "no-store", headers: { "Zhengshu-Live": "1", ...headers } });
  }

  async function look() {
    timer = 0;
    if (document.hidden) return;
    try {
      const answer = await ask(address(), tag ? { "If-None-Match": tag } : {});
      if (answer.redirected || answer.status === 401 || answer.status === 403) return;
      wait = answer.ok || answer.status === 304 ? SECONDS : Math.min(wait * 2, SLOWEST);
      if (answer.status === 200) await take(answer);
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    again();
  }

  function again() {
    if (!timer && !document.hidden) timer = setTimeout(look, wait * 1000);
  }

  async function take(answer) {
    const { parts } = await answer.json();
    const before = known;
    tag = answer.headers.get("ETag");
    known = parts;
    if (!before) return;
    const changed = Object.keys({ ...before, ...parts }).filter((name) => before[name] !== parts[name]);
    if (changed.length) await refresh(changed);
  }

  async function refresh(changed) {
    const answer = await ask(location.href);
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = [];
    const news = tellings(fresh).slice(tellings(document).length);
    for (const part of document.querySelectorAll("[data-live-part]")) {
      const name = part.dataset.livePart;
      const next = fresh.querySelector(`[data-live-part="${CSS.escape(name)}"]`);
      if (!next || next.innerHTML === part.innerHTML || isInUse(part)) continue;
      swap(part, next);
      const saying = part.querySelector("[data-live-say]");
      if (saying) said.push(saying.textContent.trim());
    }
    const moved = document.querySelector("[data-live-moved]");
    if (moved && changed.includes("case")) {
      moved.hidden = false;
      if (news.length) moved.querySelector("[data-live-moved-by]").textContent = news.at(-1);
      said.push(moved.querySelector("[data-live-moved-text]").textContent.trim(), ...news);
    }
    if (voice && said.length) voice.textContent = said.join(" ");
  }

  // What people did, as the timeline says it: title, time and person of each entry.
  function tellings(page) {
    return [...page.querySelectorAll("[data-live-telling]")].map((one) => [...one.querySelectorAll(":scope > strong, :scope > span")].map((part) => part.textContent.trim()).join(" · "));
  }

  // What somebody is choosing or writing in is never taken from under his hands.
  function isInUse(part) {
    const active = document.activeElement;
    if (part.contains(active) && active.matches("input, select, textarea")) return true;
    return Boolean(part.querySelector("input:checked, details[open]")) || [...part.querySelectorAll("textarea, input[type=text]")].some((one) => one.value !== one.defaultValue);
  }

  // The focus stays where it was: at the same link or button, found again by its address, name and value.
  function swap(part, next) {
    const active = document.activeElement;
    const had = part.contains(active) ? mark(active) : null;
    part.replaceChildren(...document.importNode(next, true).childNodes);
    if (!had) return;
    const same = [...part.querySelectorAll("a, button, summary, input")].find((one) => mark(one) === had);
    if (same) same.focus({ preventScroll: true });
    else {
      part.setAttribute("tabindex", "-1");
      part.focus({ preventScroll: true });
    }
  }

  function mark(one) {
    return [one.tagName, one.getAttribute("href"), one.getAttribute("name"), one.getAttribute("value"), one.closest("form")?.getAttribute("action")].join(" ");
  }

  if (bell) {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && !timer) look();
    });
    look();
  }
})();
