// Keys, sources and the clock. The desk works without this file: everything here presses a link or a button that is on
// the page. desk-edit.js opens blocks as forms, desk-order.js moves them; htmx puts answers into the page.
"use strict";
window.desk = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rows = () => all(".proof .s");
  const head = () => document.querySelector(".top");
  let here = ""; // the id of the row where the editor is

  // The header's height differs with its strips: anchors must not hide under it.
  const measure = () => {
    const top = head();
    const sticks = top && getComputedStyle(top).position === "sticky";
    document.body.style.setProperty("--head", `${(sticks ? top.offsetHeight : 0) + 14}px`);
  };
  const watch = new ResizeObserver(measure);

  // ---- walking ----
  const row = () => document.getElementById(here);
  const go = (to, focus = true) => {
    if (!to) return;
    row()?.classList.remove("on");
    here = to.id;
    to.classList.add("on");
    if (focus) {
      to.focus({ preventScroll: true });
      to.scrollIntoView({ block: "nearest" });
    }
    mark(to.closest(".block"));
  };
  const step = (by) => {
    const list = rows();
    const at = list.findIndex((each) => each.id === here && here);
    go(list[Math.max(0, Math.min(list.length - 1, at + by))]);
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
  const block = (by) => {
    const blocks = all(".proof .block").filter((each) => each.querySelector(".s"));
    const at = blocks.indexOf(row()?.closest(".block"));
    go(blocks[Math.max(0, Math.min(blocks.length - 1, at + by))]?.querySelector(".s"));
  };
  // Findings under a row follow it; a block's own stand before its first row.
  const finds = (of) => {
    const found = [];
    let next = of?.nextElementSibling;
    while (next && !next.classList.contains("s")) {
      if (next.matches(".find:not(.kept)")) found.push(next);
      next = next.nextElementSibling;
    }
    let before = of?.previousElementSibling;
    while (before?.matches(".find")) {
      if (!before.classList.contains("kept") && of === of.closest(".block").querySelector(".s")) found.unshift(before);
      before = before.previousElementSibling;
    }
    return found;
  };
  const finding = (by) => {
    const list = rows();
    const at = list.indexOf(row());
    const places = list.map((each, i) => (finds(each).length ? i : -1)).filter((i) => i >= 0);
    const to = by > 0 ? places.find((i) => i > at) ?? places[0] : places.findLast((i) => i < at) ?? places.at(-1);
    if (to !== undefined) go(list[to]);
  };
  const press = (selector, root = document) => {
    const target = root?.querySelector(selector);
    if (!target) return false;
    target.click();
    return true;
  };
  const onFinding = (act) => () => {
    const chosen = document.activeElement?.closest(".find") || finds(row()).find((each) => each.querySelector(`[data-act=${act}]`));
    return press(`[data-act=${act}]`, chosen);
  };

  // ---- sources: under the row, closed by Esc, the focus back where it was ----
  const panel = (of) => document.getElementById(`q-${of.id || of.dataset.key}`);
  const openSources = async (link) => {
    const of = link.closest(".s");
    if (!of.id) of.id = `o-${of.closest(".block").dataset.key}-${of.dataset.row}`;
    const open = panel(of);
    const same = open?.dataset.from === link.href;
    if (open) closeSources(open, same);
    if (same) return;
    const box = document.createElement("div");
    box.className = "source";
    box.id = `q-${of.id}`;
    box.tabIndex = -1;
    box.dataset.from = link.href;
    of.after(box);
    link.setAttribute("aria-expanded", "true");
    box.opener = link;
    await htmx.ajax("GET", link.href, { target: box, swap: "innerHTML" });
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };
  const closeSources = (box, back = true) => {
    box.opener?.removeAttribute("aria-expanded");
    const opener = box.opener;
    box.remove();
    if (back) (opener?.isConnected ? opener : row())?.focus({ preventScroll: true });
  };
  const source = () => {
    if (!row()) return;
    const open = panel(row());
    if (open) closeSources(open); else press(".src", row());
  };

  const escape = () => {
    const inside = document.activeElement?.closest(".source") || document.querySelector(".proof .source");
    if (inside) return closeSources(inside);
    const asked = document.querySelector(".proof .asking");
    if (asked) return press("[data-close]", asked);
    if (press("[data-key=Escape]")) return undefined;
    return all("details[open]").forEach((each) => { each.open = false; });
  };
  const submit = (id) => () => document.getElementById(id)?.requestSubmit();
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    "]": () => block(1),
    "[": () => block(-1),
    n: () => finding(1),
    N: () => finding(-1),
    e: () => row() && desk.edit?.(row()) !== true && press("a.edit", row().closest(".block")),
    Enter: () => acts.e(),
    s: source,
    y: onFinding("accept"),
    f: onFinding("fix"),
    d: onFinding("drop"),
    1: onFinding("mend"),
    u: submit("undo-mine"),
    U: submit("redo-mine"),
    c: () => press("[data-key=c]"),
    t: () => press("[data-key=t]"),
    a: () => press("[data-key=a]"),
    p: () => press("[data-key=p]"),
    "?": () => press("#keys > summary"),
    Escape: escape,
  };

  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form") || document.querySelector("form[data-save]");
      if (!form || !typing) return;
      event.preventDefault();
      if (!press("[value=done]", form)) form.requestSubmit();
      return;
    }
    if (event.isComposing) return;
    if (event.key === "Escape" && desk.leaveEditor?.(event.target)) { event.preventDefault(); return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      (event.shiftKey ? acts.U : acts.u)();
      return;
    }
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && !typing && row()) {
      event.preventDefault();
      press(`.moves [value=${event.key === "ArrowUp" ? "up" : "down"}]:not([hidden])`, row().closest(".block"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing && (event.key !== "Escape" || unsaved())) return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  addEventListener("click", (event) => {
    const inRow = event.target.closest?.(".proof .s[id]");
    if (inRow) go(inRow, false);
    const cite = event.target.closest?.(".proof a.cite, .proof a.src");
    if (cite && window.htmx && !event.ctrlKey && !event.metaKey) { event.preventDefault(); openSources(cite); }
    const ask = event.target.closest?.(".proof a[data-act=accept]");
    if (ask && window.htmx) { event.preventDefault(); why(ask); }
    const close = event.target.closest?.(".proof [data-close]");
    if (close) {
      event.preventDefault();
      const find = close.closest(".find");
      close.closest("form").remove();
      find?.querySelector("[data-act=accept]")?.focus();
    }
    const tab = event.target.closest?.(".tabs a");
    if (tab) {
      for (const each of all(".tabs [aria-current]")) each.removeAttribute("aria-current");
      tab.setAttribute("aria-current", "true");
    }
  });
  // Why a sentence may stand is asked under its finding.
  const why = async (link) => {
    const find = link.closest(".find");
    if (find.querySelector(".asking")) return;
    const box = document.createElement("div");
    box.className = "why-box";
    find.append(box);
    await htmx.ajax("GET", link.href, { target: box, swap: "innerHTML" });
    box.querySelector("textarea")?.focus();
  };

  // ---- acts: sent from one place that no answer takes away, one after the other, so that none is lost ----
  addEventListener("submit", (event) => {
    const form = event.target;
    const act = document.getElementById("act");
    if (!act || !window.htmx || !form.matches("form[data-live]")) return;
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form, event.submitter));
    htmx.ajax("POST", form.action, { source: act, target: act, swap: "none", values });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (!elt?.matches?.("#act, form.asking") || (xhr?.status && (xhr.status < 400 || xhr.status === 422))) return;
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = document.getElementById("words").dataset.undone;
    document.getElementById("said").replaceChildren(line);
  });

  // ---- what an answer of the server changes ----
  document.addEventListener("desk:settled", (event) => {
    const { focus } = event.detail;
    measure();
    watch.disconnect();
    if (head()) watch.observe(head());
    clock();
    const wanted = focus && document.getElementById(focus);
    if (wanted) {
      const near = wanted.matches(".s") ? wanted : document.getElementById(here)?.closest(`#${wanted.id}`) ? row() : wanted.querySelector(".s");
      if (near) go(near); else { wanted.tabIndex = -1; wanted.focus({ preventScroll: true }); wanted.scrollIntoView({ block: "nearest" }); }
    } else if (row()) go(row(), false);
    refresh();
  });
  let later = 0;
  // The mail beside the proof is made anew, and measured, when the hands have rested.
  const refresh = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      const measure = document.getElementById("measure");
      if (measure) htmx.ajax("GET", measure.dataset.from, { source: measure, target: measure, swap: "none" });
      const frame = document.querySelector(".glass iframe");
      if (frame) frame.src = frame.src; // its sandbox lets nobody reload it from outside
    }, 3000);
  };
  let silence = 0;
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id !== "said") return;
    clearTimeout(silence);
    silence = setTimeout(() => { event.detail.target.textContent = ""; }, 12000);
  });

  // ---- an unsaved text on a page of its own is not lost to a stray click ----
  const form = document.querySelector("form[data-save]");
  const unsaved = () => form && all("textarea", form).some((field) => field.value !== field.defaultValue);
  let saving = false;
  form?.addEventListener("submit", () => { saving = true; });
  addEventListener("beforeunload", (event) => { if (!saving && unsaved()) event.preventDefault(); });

  // ---- the clock, on the server's hour ----
  const clock = () => {
    const left = document.getElementById("left");
    if (!left) return;
    const seconds = Math.max(0, Number(left.dataset.until) - Math.floor(Date.now() / 1000));
    const two = (n) => String(n).padStart(2, "0");
    left.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  clock();
  setInterval(clock, 1000);

  // Where the address points.
  const start = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const inside = target && (target.matches(".s") ? target : target.closest(".s") || target.querySelector(".s"));
    if (inside?.id) go(inside, false);
    if (target) target.scrollIntoView(); // again, now that the height of the top is known
  };
  addEventListener("hashchange", start);
  if (head()) { watch.observe(head()); measure(); }
  start();
  return { all, go, row, press };
})();
