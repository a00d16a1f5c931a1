// A question that the server refuses before the chat sees it is told so where the answer would be.
"use strict";

(() => {
  const WORDS = {
    401: "You are signed out. Open this page again to sign in.",
    413: "That question is too long. Shorten it to the one thing you want to know.",
    503: "Many people are asking just now. Try again in a moment.",
  };

  function tell(words) {
    let refusal = document.getElementById("cb-refusal");
    if (!words) {
      if (refusal) refusal.remove();
      return;
    }
    if (!refusal) {
      refusal = document.createElement("p");
      refusal.id = "cb-refusal";
      refusal.className = "cb-problem";
      refusal.setAttribute("role", "alert");
      document.getElementById("cb-composer").prepend(refusal);
    }
    refusal.textContent = words;
  }

  const ask = window.fetch.bind(window);
  window.fetch = async (...request) => {
    const address = String(request[0] && request[0].url ? request[0].url : request[0]);
    if (!address.includes("/queue/join")) return ask(...request);
    try {
      const response = await ask(...request);
      const plain = (response.headers.get("content-type") || "").startsWith("text/plain");
      const said = response.ok || !plain ? "" : await response.clone().text();
      const words = WORDS[response.status] || said || "The question was refused. Try again.";
      tell(response.ok ? "" : `There is a problem. ${words}`);
      return response;
    } catch (error) {
      tell("There is a problem. The server does not answer. Check that Casebook is running.");
      throw error;
    }
  };
})();
