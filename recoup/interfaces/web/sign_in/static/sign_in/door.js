// The door's own script: a password can be read while it is typed, and a passkey that fails is said in words.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-shows]");
    if (!button) return;
    const field = document.getElementById(button.dataset.shows);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
  // allauth's script reports what the browser or the key refused; the page says it instead of the console.
  document.addEventListener("allauth.error", (event) => {
    const note = document.getElementById("passkey-failed");
    if (!note) return;
    event.preventDefault();
    note.hidden = false;
  });
  document.addEventListener("DOMContentLoaded", () => {
    const works = "PublicKeyCredential" in window;
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !works;
  });
})();
