// What the chat's page needs beyond Gradio: announce, copy, bring a new turn into view.
// Text is only ever read from the page or written as text; no markup is made here.
"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  let shownTurn = "";
  let isFinished = false;

  function announce(words) {
    const live = byId("cb-live");
    if (live && words && live.textContent !== words) live.textContent = words;
  }

  function describeQuestion() {
    const box = document.querySelector("#cb-question textarea");
    if (box && !box.hasAttribute("aria-describedby")) {
      box.setAttribute("aria-describedby", "cb-hint");
    }
  }

  function bringIntoView(turn) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const heading = turn.querySelector(".cb-question");
    heading.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    return heading;
  }

  // Once when the question appears, and once when its answer has made the page long enough.
  function showNewestTurn() {
    const turn = document.querySelector("#cb-current .cb-turn");
    const number = turn ? turn.id : "";
    const finished = Boolean(turn && turn.querySelector(".cb-copy"));
    if (number === shownTurn && finished === isFinished) return;
    const active = document.activeElement;
    const lost = active === document.body || Boolean(active.closest("#cb-examples, #cb-new, #cb-understood"));
    shownTurn = number;
    isFinished = finished;
    if (turn) {
      const heading = bringIntoView(turn);
      if (lost) heading.focus({ preventScroll: true });
    } else if (lost) {
      document.querySelector("#cb-question textarea").focus();
    }
  }

  // The browser knows the address of this server: links in the hidden plain text become absolute.
  function plainText(turn) {
    const text = turn.querySelector(".cb-plain").cloneNode(true);
    text.querySelectorAll("a").forEach((link) => { link.textContent = link.href; });
    return text.textContent;
  }

  // Browsers keep navigator.clipboard for https and this computer; elsewhere a selection is copied.
  async function copy(words) {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(words);
      return;
    }
    const box = document.createElement("textarea");
    box.value = words;
    box.className = "cb-vh";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (!done) throw new Error("not copied");
  }

  async function onCopy(button) {
    const label = "Copy answer";
    try {
      await copy(plainText(button.closest(".cb-turn")));
      button.textContent = "Copied";
      announce("Answer copied with its sources.");
    } catch {
      button.textContent = "Could not copy";
      announce("The answer could not be copied. Select it and copy it yourself.");
    }
    button.focus();
    setTimeout(() => { button.textContent = label; }, 3000);
  }

  function onChange() {
    describeQuestion();
    const status = document.querySelector("#cb-status .prose");
    if (status) announce(status.textContent.trim());
    showNewestTurn();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".cb-copy");
    if (button) onCopy(button);
  });

  // A skip link leads to a block, and "Edit" fills the box: the reader wants to be in it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".cb-skip, #cb-edit")) return;
    const box = document.querySelector("#cb-question textarea");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  });

  // The server forgets a conversation whose page is left: a slip of the finger should not cost it.
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(".cb-turn")) event.preventDefault();
  });

  new MutationObserver(onChange).observe(document.body, {
    childList: true, subtree: true, characterData: true,
  });
})();
