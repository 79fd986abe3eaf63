// What every page gains with JavaScript: busy buttons, toasts, menus that close, sheets, the CSRF header of htmx.

const toasts = document.getElementById("toasts");

export function toast(text, tone = "success") {
  const box = document.createElement("div");
  box.className = `toast toast-${tone}`;
  box.textContent = text;
  toasts.append(box);
  setTimeout(() => box.remove(), 5000);
}

// A form is sent once: the second click of a double click finds it busy. Back from the next page it is free again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.target === "_blank") return;
  if (form.dataset.sent && !form.matches("[hx-get], [hx-post]")) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button?.matches(".button")) button.setAttribute("aria-busy", "true");
});

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) free(form);
});
document.body.addEventListener("htmx:responseError", (event) => {
  const answer = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  toast(answer.querySelector("[data-message]")?.textContent || document.body.dataset.failed, "error");
});
document.body.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline, "error"));

// An answer with the header HX-Trigger: {"toast": "…"} or {"toast": {"text": "…", "tone": "error"}}.
document.body.addEventListener("toast", (event) => {
  const { text, tone, value } = event.detail;
  toast(text || value, tone);
});

// Menus are <details data-menu>; <button data-opens="id"> opens a <dialog>, <button data-closes> closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  if (event.target.matches("dialog")) event.target.close();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  document.getElementById("search-answers")?.replaceChildren();
});
document.addEventListener("focusin", (event) => {
  const answers = document.getElementById("search-answers");
  if (answers && !event.target.closest(".search")) answers.replaceChildren();
});

// Controls that only work with JavaScript are hidden without it; selects that send their form need no button with it.
for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

// Keeps the page that is shown when the line is down.
navigator.serviceWorker?.register(document.body.dataset.serviceWorker);
