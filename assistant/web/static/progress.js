// The page of a running change: bring its bar and sentence up to date, load it again at the end.
"use strict";

(() => {
  const bar = document.getElementById("bar");
  const said = document.getElementById("said");

  async function look() {
    try {
      const answer = await fetch("/edit/progress.json", { cache: "no-store" });
      const work = await answer.json();
      if (!work.running) {
        window.location.reload();
        return;
      }
      if (work.total) {
        bar.max = work.total;
        bar.value = work.done;
      }
      // Announced when it says something else, and not at every text.
      if (said.textContent !== work.said) said.textContent = work.said;
    } catch {
      said.textContent = "Casebook does not answer. Look again in a moment.";
    }
    setTimeout(look, 1500);
  }

  setTimeout(look, 500);
})();
