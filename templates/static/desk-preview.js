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
