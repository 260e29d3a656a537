// Keys of the preview: each presses a link that stands on the page and shows its key.
"use strict";
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select")) return;
  const key = event.key === "Escape" ? "Escape" : event.key.toLowerCase();
  if (!/^[a-z0-9]$|^Escape$/.test(key)) return;
  const target = document.querySelector(`[data-key="${key}"]`);
  if (target) { event.preventDefault(); target.click(); }
});

// One look after the other: what is pressed while another look is on its way is pressed again once that stands, for the
// links that stand now lead on from the look before, and are about to be replaced.
let underWay = false, waiting = "";
const isLook = (link) => Boolean(link?.id?.startsWith("look-"));
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[id^='look-']");
  if (!link || !underWay || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting = link.id;
}, true);
addEventListener("htmx:beforeRequest", (event) => { if (isLook(event.detail.elt)) underWay = true; });
for (const name of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout"])
  addEventListener(name, (event) => {
    if (!underWay || !isLook(event.detail.requestConfig?.elt)) return;
    underWay = false;
    const next = document.getElementById(waiting);
    waiting = "";
    next?.click();
  });
