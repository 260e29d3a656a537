/* An issue on its way out: how far it has got is said to the ears only where the words have changed. */
(() => {
  "use strict";
  const said = document.getElementById("said");
  const say = () => {
    const words = document.querySelector("#live [data-say]")?.dataset.say;
    if (said && words && said.textContent !== words) said.textContent = words;
  };
  document.addEventListener("htmx:afterSwap", say);
  say();
})();
