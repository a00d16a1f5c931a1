// Looks, in the browser alone, for what might identify a patient in a question not yet asked.
// What is found is never sent, kept or repeated: only its kind is named.
"use strict";

(() => {
  // NHS Data Dictionary, NHS NUMBER: the tenth digit makes the weighted sum a multiple of 11.
  function isNhsNumber(digits) {
    const sum = [...digits.slice(0, 9)].reduce((all, digit, at) => all + (10 - at) * Number(digit), 0);
    const check = (11 - (sum % 11)) % 11;
    return check !== 10 && check === Number(digits[9]) && !/^(\d)\1{9}$/.test(digits);
  }

  const KINDS = [
    ["an NHS number", /(?<![\d.,£])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d.,]\d|\d)/g,
      (found) => isNhsNumber(found.replace(/\D/g, ""))],
    // HMRC NIM39110: two prefix letters, six digits, a suffix letter A to D.
    ["a National Insurance number",
      /\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/gi],
    ["an email address", /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
    // Ofcom's plan: after the 0 comes 1, 2, 3, 7 or 8.
    ["a telephone number",
      /(?<![\d£])(?:\+44 ?\(?0?\)?|\(?0)[12378](?:[ )-]*\d){8,9}(?![\d.,]\d|\d)/g],
    ["a date of birth",
      /\b(?:dob|d\.o\.b\.|born(?: on)?|date of birth)\W{0,3}\d{1,2}(?:[./-]\d{1,2}[./-]|(?:st|nd|rd|th)? \w{3,9} )\d{2,4}/gi],
    ["a postcode with a date",
      /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b(?=[^]{0,80}?\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b)/gi],
  ];

  /** The kinds of identifiers in `text`, in words, each once. */
  function identifiers(text) {
    return KINDS.filter(([, pattern, holds = () => true]) =>
      [...text.matchAll(pattern)].some(([found]) => holds(found))).map(([name]) => name);
  }

  function warn(box) {
    const hint = document.querySelector("#cb-hint .prose, #cb-hint");
    if (!hint) return;
    const found = identifiers(box.value);
    const words = found.length
      ? `This looks like ${found.join(" and ")}. Take it out before you ask: an answer never needs it.`
      : "";
    let warning = document.getElementById("cb-identifiers");
    if (!warning) {
      warning = document.createElement("p");
      warning.id = "cb-identifiers";
      warning.setAttribute("role", "alert");
      hint.after(warning);
    }
    if (warning.textContent !== words) warning.textContent = words;
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("#cb-question textarea")) warn(event.target);
  });

  window.casebookIdentifiers = identifiers;
})();
