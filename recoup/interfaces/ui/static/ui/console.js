// The keyboard, the dialogs and the honest states of the console. Pages work, plainer, without it.
"use strict";
(() => {
  const inField = (element) =>
    element.isContentEditable ||
    (element.matches("input, select, textarea") && !element.matches("[type=radio], [type=checkbox], [type=button], [type=submit]"));
  const isShown = (element) => element.getClientRects().length > 0;
  const openDialog = () => document.querySelector("dialog[open]");

  // data-key: the key that presses a button, follows a link, or focuses a field.
  const press = (key) => {
    const scope = openDialog() || document;
    const found = [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isShown);
    if (!found || found.disabled) return false;
    if (inField(found)) { found.focus(); found.select?.(); } else if (found.matches("[type=radio]")) { found.focus(); found.click(); } else { found.click(); }
    return true;
  };

  const moveRow = (step) => {
    const links = [...document.querySelectorAll(".rows .rowlink")].filter(isShown);
    if (!links.length) return false;
    const at = links.findIndex((link) => link === document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const typing = inField(event.target);
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (press("mod+enter")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing) {
      if (event.key === "Escape" && !openDialog()) event.target.blur();
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const handled = key === "j" ? moveRow(1) : key === "k" ? moveRow(-1) : press(key);
    if (handled) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.matches(".toasts .notice *, .toasts .notice")) event.target.closest(".notice").remove();
  });

  // A form is sent once; a second press waits for the answer of the first.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (!form.hasAttribute("hx-post")) form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  const leaves = (note) => setTimeout(() => note.remove(), 9000);
  const toast = (text) => {
    const note = document.createElement("div");
    note.className = "notice bad";
    note.textContent = text;
    document.getElementById("toasts").append(note);
    leaves(note);
  };
  // What an answer says in passing goes as well: it would lie over the page.
  document.addEventListener("htmx:oobAfterSwap", () => {
    for (const note of document.getElementById("toasts").children) leaves(note);
  });
  const words = () => document.getElementById("toasts").dataset;
  document.addEventListener("htmx:sendError", () => toast(words().lost));
  document.addEventListener("htmx:timeout", () => toast(words().lost));
  document.addEventListener("htmx:responseError", (event) => {
    toast(event.detail.xhr.status === 403 ? words().signedOut : words().failed);
  });
  // A refusal (422) is an answer: its fragment is shown where the form stands.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  // After a swap, focus goes where the next input is.
  document.addEventListener("htmx:afterSettle", (event) => {
    event.detail.elt?.querySelector?.("[data-focus]")?.focus();
  });
})();
