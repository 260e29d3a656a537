// Keys and the clock. The desk works without this file: everything here presses a link or a button that is on the page.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rows = all(".proof .s");
  const head = document.querySelector(".top");
  let at = -1;

  // The header's height differs with its strips: anchors must not hide under it.
  const measure = () => {
    const sticks = head && getComputedStyle(head).position === "sticky";
    document.body.style.setProperty("--head", `${(sticks ? head.offsetHeight : 0) + 14}px`);
  };
  if (head) new ResizeObserver(measure).observe(head);

  const go = (to, focus = true) => {
    if (!rows.length) return;
    if (rows[at]) rows[at].classList.remove("on");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("on");
    if (focus) {
      rows[at].focus({ preventScroll: true });
      rows[at].scrollIntoView({ block: "nearest" });
    }
    mark(rows[at].closest(".block"));
  };
  const mark = (block) => {
    for (const link of all(".blocks [aria-current]")) link.removeAttribute("aria-current");
    let seek = block;
    while (seek) {
      const link = document.querySelector(`.blocks a[href="#${seek.id}"]`);
      if (link) { link.setAttribute("aria-current", "true"); reveal(link); return; }
      seek = seek.previousElementSibling;
    }
  };
  // The rail scrolls by itself where it is sticky; the page must not move with it.
  const reveal = (link) => {
    const rail = link.closest(".rail");
    const [inner, outer] = [link.getBoundingClientRect(), rail.getBoundingClientRect()];
    if (inner.top < outer.top) rail.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) rail.scrollTop += inner.bottom - outer.bottom;
  };
  const block = (step) => {
    const blocks = all(".proof .block").filter((each) => each.querySelector(".s"));
    const here = rows[at] ? blocks.indexOf(rows[at].closest(".block")) : -1;
    const to = blocks[Math.max(0, Math.min(blocks.length - 1, here + step))];
    if (to) go(rows.indexOf(to.querySelector(".s")));
  };
  // Findings under a row follow it; the row is what is shown.
  const doubted = () => rows.filter((row) => {
    let next = row.nextElementSibling;
    while (next && next.classList.contains("find")) {
      if (!next.classList.contains("kept")) return true;
      next = next.nextElementSibling;
    }
    return false;
  }).map((row) => rows.indexOf(row));
  const finding = (step) => {
    const places = doubted();
    const to = step > 0 ? places.find((i) => i > at) ?? places[0] : places.findLast((i) => i < at) ?? places.at(-1);
    if (to !== undefined) go(to);
  };
  const press = (selector, root = document) => {
    const target = root && root.querySelector(selector);
    if (!target) return false;
    target.click();
    return true;
  };
  const row = () => rows[at];
  const acts = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    "]": () => block(1),
    "[": () => block(-1),
    n: () => finding(1),
    N: () => finding(-1),
    e: () => row() && press("a.edit", row().closest(".block")),
    s: () => row() && press(".source > summary", row()),
    u: () => press("[data-key=u]"),
    c: () => press("[data-key=c]"),
    t: () => press("[data-key=t]"),
    a: () => press("[data-key=a]"),
    p: () => press("[data-key=p]"),
    "?": () => press("#keys > summary"),
    Escape: () => press("[data-key=Escape]") || all("details[open]").forEach((each) => { each.open = false; }),
  };

  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = document.querySelector("form[data-save]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing && event.key !== "Escape") return;
    if (event.key === "Escape" && typing && changed()) return;
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  addEventListener("click", (event) => {
    const inRow = event.target.closest?.(".proof .s");
    if (inRow) go(rows.indexOf(inRow), false);
    const cite = event.target.closest?.("a.cite");
    if (cite) {
      const quote = document.getElementById(cite.hash.slice(1));
      const source = quote?.closest("details");
      if (source) { event.preventDefault(); source.open = !source.open || !event.detail; quote.scrollIntoView({ block: "nearest" }); }
    }
    const tab = event.target.closest?.(".tabs a");
    if (tab) {
      for (const each of all(".tabs [aria-current]")) each.removeAttribute("aria-current");
      tab.setAttribute("aria-current", "true");
    }
  });

  // An unsaved text is not lost to a stray click.
  const form = document.querySelector("form[data-save]");
  const changed = () => form && all("textarea", form).some((field) => field.value !== field.defaultValue);
  let saving = false;
  form?.addEventListener("submit", () => { saving = true; });
  addEventListener("beforeunload", (event) => { if (!saving && changed()) event.preventDefault(); });

  // The clock, on the server's hour.
  const left = document.getElementById("left");
  const tick = () => {
    const seconds = Math.max(0, Number(left.dataset.until) - Math.floor(Date.now() / 1000));
    const two = (n) => String(n).padStart(2, "0");
    left.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  if (left) { tick(); setInterval(tick, 1000); }

  // Where the address points, or the first thing to settle.
  const start = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const inside = target && (target.matches(".s") ? target : target.closest(".s") || target.querySelector(".s"));
    if (inside) go(rows.indexOf(inside), false);
    if (target) target.scrollIntoView(); // again, now that the height of the top is known
  };
  addEventListener("hashchange", start);
  if (head) measure();
  start();
})();
