// Keeps the numbers of a hall up to date. Without it the page asks to be loaded anew every few seconds.
"use strict";

(() => {
  const part = document.querySelector("[data-hall]");

  async function look() {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store", headers: { "Zhengshu-Live": "1" } });
        if (answer.ok && !answer.redirected) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const fresh = page.querySelector("[data-hall]");
          if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...document.importNode(fresh, true).childNodes);
        }
      } catch {
        // The next look may succeed.
      }
    }
    setTimeout(look, Number(part.dataset.hall) * 1000);
  }

  if (part) setTimeout(look, Number(part.dataset.hall) * 1000);
})();
