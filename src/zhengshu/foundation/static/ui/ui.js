// Comfort only: every page works without this file.
"use strict";

const root = document.documentElement;

// Pop-overs and the phone menu close on Escape, and when something else is clicked.
function closeOthers(except) {
  for (const details of document.querySelectorAll("details[data-closes][open]")) {
    if (details !== except && !details.contains(except)) details.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-closes][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// A question before something that cannot be undone.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Copy buttons appear only where they can work.
function showCopyButtons(within) {
  for (const button of within.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : button.parentElement.querySelector("pre, code");
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 1500);
});

// A print button appears only where scripts run.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A filter of few choices answers at once; what is folded on a phone is chosen together and sent by its button.
const narrow = matchMedia("(max-width: 700px)");
document.addEventListener("change", (event) => {
  if (narrow.matches && event.target.closest(".ui-fold, .ui-more")) return;
  if (event.target.matches(".ui-filters select, .ui-filters input[type=checkbox]")) event.target.form.requestSubmit();
});

// Charts: the data stands in the page as JSON, the library is loaded only where there is a chart.
const charts = new Map();

function look() {
  const style = getComputedStyle(root);
  const probe = document.createElement("i");
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    ink: read("--ui-ink"), ink2: read("--ui-ink-2"), line: read("--ui-line"), surface: read("--ui-surface"),
    series: ["--ui-accent", "--ui-yellow-lamp", "--ui-green-lamp", "--ui-red-lamp", "--ui-grey-lamp", "--ui-blue"].map(read),
  };
  probe.remove();
  return { ...colours, font: style.getPropertyValue("--ui-font") };
}

function dressed(option) {
  const { ink, ink2, line, surface, series, font } = look();
  const text = { color: ink2, fontFamily: font, fontSize: 13 };
  const axis = (given, extra) => ({
    axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, nameTextStyle: text,
    splitLine: { lineStyle: { color: line } }, ...extra, ...given, axisLabel: { ...text, ...given.axisLabel },
  });
  const isPie = option.series?.some((one) => one.type === "pie");
  const many = isPie || (option.series?.length ?? 0) > 1;
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    backgroundColor: "transparent", color: series, textStyle: { fontFamily: font, color: ink },
    grid: { left: 8, right: 16, top: 36, bottom: many ? 36 : 8, containLabel: true },
    tooltip: { trigger: isPie ? "item" : "axis", backgroundColor: surface, borderColor: line, textStyle: { color: ink, fontFamily: font } },
    legend: many ? { type: "scroll", bottom: 0, textStyle: text, icon: "roundRect" } : undefined,
    ...option,
    ...(option.xAxis && { xAxis: axis(option.xAxis, { splitLine: { show: option.xAxis.type === "value", lineStyle: { color: line } } }) }),
    ...(option.yAxis && { yAxis: axis(option.yAxis, { minInterval: 1, axisLine: { show: false }, nameTextStyle: { ...text, align: "left" } }) }),
    ...(isPie && { series: option.series.map((one) => ({ label: { color: ink, fontFamily: font }, itemStyle: { borderColor: surface, borderWidth: 2 }, ...one })) }),
  };
}

function draw(canvas) {
  const data = canvas.parentElement.querySelector('script[type="application/json"]');
  const option = JSON.parse(data.textContent);
  canvas.hidden = false;
  const chart = charts.get(canvas) ?? window.echarts.init(canvas, null, { renderer: "svg" });
  charts.set(canvas, chart);
  chart.setOption(dressed(option), true);
}

function drawAll() {
  const canvases = [...document.querySelectorAll("[data-chart]")];
  if (!canvases.length) return;
  if (window.echarts) return canvases.forEach(draw);
  const script = document.createElement("script");
  script.src = root.dataset.echarts;
  script.onload = () => canvases.forEach(draw);
  document.head.append(script);
}

addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach((_chart, canvas) => draw(canvas)));

// Links of an error summary lead to the control, which may be one of a group.
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  drawAll();
  document.querySelector(".ui-error-summary")?.setAttribute("tabindex", "-1");
  document.querySelector(".ui-error-summary")?.focus();
});
document.addEventListener("htmx:afterSwap", (event) => {
  showCopyButtons(event.target);
  drawAll();
});
