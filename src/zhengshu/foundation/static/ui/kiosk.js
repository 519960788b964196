// A kiosk that is left alone: it asks, then signs out and goes to its first page. The server has a limit of its own.
"use strict";

const quiet = Number(document.documentElement.dataset.kiosk) || 60;
const patience = 20;
const dialog = document.querySelector("[data-kiosk-warning]");
const isAtStart = location.pathname === "/kiosk/" && !document.querySelector("[data-kiosk-signed]");
const alive = document.documentElement.dataset.kioskAlive;
let timer;
let told = Date.now();

function wait() {
  clearTimeout(timer);
  if (dialog?.open) dialog.close();
  timer = setTimeout(ask, quiet * 1000);
  // Who types for long asks the server for nothing; it is told now and then that somebody is there.
  if (Date.now() - told < 30_000) return;
  told = Date.now();
  fetch(alive, { cache: "no-store" });
}

function ask() {
  const typed = [...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some((one) => one.value);
  if (isAtStart && !typed) return wait();
  dialog?.showModal();
  timer = setTimeout(leave, patience * 1000);
}

function leave() {
  for (const form of document.forms) form.reset();
  document.querySelector("[data-kiosk-end]").submit();
}

for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, wait, { passive: true });
// A page that the browser kept for "back" is asked for anew.
addEventListener("pageshow", (event) => event.persisted && location.reload());
wait();
