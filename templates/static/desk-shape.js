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
        told.textContent = told.dataset.words.replace("%n", String(Math.ceil(long))).replace("%m", String(room));
        told.classList.toggle("over", long > room);
      }
      if (shown) shown.textContent = text;
    };
    field.addEventListener("input", tell);
    tell();
  }
})();
