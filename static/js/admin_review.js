// Keys and zoom of the review page. Everything here is also a link, a button or a field of the page.
const KEPT = "review-keys";
const map = document.getElementById("keys");
const kept = () => { try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; } };
const keep = (on) => { try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* private window */ } };

for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;

const choice = map.querySelector("[data-keys-on]");
choice.checked = kept();
choice.addEventListener("change", () => keep(choice.checked));
document.querySelector("[data-keys-open]").addEventListener("click", () => map.showModal());

// A closed dialog's box keeps the focus until the page is painted again.
const isTyping = (element) =>
  element.matches("input, select, textarea, [contenteditable]") && !map.contains(element);

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || map.open || isTyping(event.target)) return;
  if (event.key !== "?" && !choice.checked) return;
  const key = event.key === "=" ? "+" : event.key;
  const goal = document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!goal) return;
  event.preventDefault();
  const field = goal.querySelector("input, select, textarea");
  if (field) field.focus(); else goal.click();
});

const STEPS = [50, 75, 100, 125, 150, 200, 300, 400];
const shown = document.querySelector("[data-zoom-shown]");
let at = STEPS.indexOf(100);

const show = () => {
  const percent = STEPS[at];
  shown.value = `${percent}%`;
  const paper = document.querySelector("[data-zoomed]");
  if (paper.tagName === "IMG") { paper.style.inlineSize = `${percent}%`; return; }
  const again = paper.cloneNode();  // the browser's reader of PDFs takes a zoom only when it opens
  again.src = `${paper.dataset.source}#navpanes=0&zoom=${percent}`;
  paper.replaceWith(again);
};

for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    at = Math.min(STEPS.length - 1, Math.max(0, at + Number(button.dataset.zoom)));
    show();
  });
}
