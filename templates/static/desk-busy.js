/* A press is seen at once, however slow the network is: the button is busy until an answer comes, and a form that is on
   its way isn't sent twice. */
(() => {
  "use strict";
  const LONGEST = 20000; // ms: an answer may be a file, which leaves the page where it is
  const free = () => {
    for (const each of document.querySelectorAll("[aria-busy=true]")) each.removeAttribute("aria-busy");
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  };
  addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return; // the answer comes in a frame, as often as it is asked for
    const form = event.target;
    const ours = !event.defaultPrevented;
    if (ours && form.dataset.sent) { event.preventDefault(); return; }
    (event.submitter || form.querySelector("button:not([type=button])"))?.setAttribute("aria-busy", "true");
    if (ours) form.dataset.sent = "1";
    setTimeout(free, LONGEST);
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.verb !== "get") free(); });
  addEventListener("pageshow", free); // back from the next page
})();
