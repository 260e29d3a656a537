// Counters and ticks on the pages that shape an issue. All of them work without this file.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  for (const button of all("[data-tick]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of all("input[name=hit]", button.closest("form"))) box.checked = button.dataset.tick === "all";
    });
  }

  // A Han character is as wide as two Latin letters; the server counts in the same way.
  const wide = (char) => char.codePointAt(0) > 0x2e7f || "，。：；？！、）（“”‘’《》…—".includes(char);
  const width = (text) => [...text].reduce((sum, char) => sum + (wide(char) ? 1 : 0.5), 0);
  for (const field of all("[data-room]")) {
    const told = document.getElementById(`${field.id}_told`);
    const shown = document.getElementById(`${field.id}_phone`);
    const room = Number(field.dataset.room);
    const han = field.lang.startsWith("zh");
    const tell = () => {
      const text = field.value.trim();
      const long = han ? width(text) : [...text].length;
      if (told) {
        told.textContent = told.dataset.words.replace("{n}", String(Math.ceil(long))).replace("{m}", String(room));
        told.classList.toggle("over", long > room);
      }
      if (shown) shown.textContent = text;
    };
    field.addEventListener("input", tell);
    tell();
  }

  // A name from the text: select the words in one language, then in the other.
  const pick = document.getElementById("pick");
  const inputs = pick && { en: pick.elements.en, zh: pick.elements.zh };
  const selected = () => {
    const selection = getSelection();
    if (!pick || selection.isCollapsed) return;
    const words = selection.toString().replace(/\[\d+\]/g, "").trim();
    const at = selection.anchorNode?.parentElement?.closest(".proof .leaf");
    if (!at || !at.contains(selection.focusNode) || !words || words.length > 60 || words.includes("\n")) return;
    inputs[at.classList.contains("zh") ? "zh" : "en"].value = words;
    pick.elements.block.value = at.closest(".block").dataset.key;
    pick.hidden = false;
  };
  const putAway = () => {
    pick.reset();
    pick.hidden = true;
  };
  if (pick) {
    document.addEventListener("mouseup", () => setTimeout(selected));
    document.addEventListener("keyup", (event) => { if (event.key === "Shift") selected(); });
    pick.querySelector("[data-close]").addEventListener("click", putAway);
    pick.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); putAway(); } });
  }

  // Keys on the page: each opens a link that is there.
  const here = () => document.querySelector(".proof .s.on")?.closest(".block");
  const open = (link) => { if (link) link.click(); };
  const acts = {
    w: () => open(here()?.querySelector("a[data-act=again]")),
    x: () => open(here()?.querySelector("a[data-act=swap]")),
    h: () => open(document.querySelector(".shaping a[data-act=subjects]")),
    "/": () => open(document.querySelector(".shaping a[data-act=replace]")),
    g: () => (pick && !pick.hidden ? pick.requestSubmit() : open(document.querySelector(".shaping a[data-act=glossary]"))),
  };
  if (document.querySelector(".proof")) {
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const act = acts[event.key.toLowerCase()];
      if (act) { event.preventDefault(); act(); }
    });
  }
})();
