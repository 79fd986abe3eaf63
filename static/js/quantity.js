// The quantity field that jumps by the multiple: <div data-quantity data-minimum data-multiple>.
// An impossible quantity is not changed under the hand; the nearest possible ones are offered beside it.
// A text field, since a browser drops what is no ASCII digit from a number field: arrow keys are done here.

import { number } from "./digits.js";

function rules(box) {
  const multiple = Number(box.dataset.multiple) || 1;
  const minimum = Math.ceil((Number(box.dataset.minimum) || 1) / multiple) * multiple;
  return { multiple, minimum };
}

export function nearest(quantity, { multiple, minimum }) {
  const below = Math.max(minimum, Math.floor(quantity / multiple) * multiple);
  const above = Math.max(minimum, Math.ceil(quantity / multiple) * multiple);
  return [...new Set([below, above])];
}

function show(box) {
  const input = box.querySelector("input");
  const { multiple, minimum } = rules(box);
  const quantity = number(input.value);
  const fits = Number.isInteger(quantity) && quantity >= minimum && quantity % multiple === 0;
  box.classList.toggle("wrong", input.value !== "" && !fits);
  if (Number.isInteger(quantity)) input.setAttribute("aria-valuenow", quantity);
  box.querySelector('[data-step="-1"]').disabled = quantity <= minimum;
  offer(box, input, fits || input.value === "" || Number.isNaN(quantity) ? [] : nearest(quantity, { multiple, minimum }));
}

function offer(box, input, quantities) {
  const place = box.parentElement.querySelector("[data-nearest]");
  if (!place) return;
  place.replaceChildren(...quantities.map((quantity) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.textContent = String(quantity);
    chip.addEventListener("click", () => set(input, quantity));
    return chip;
  }));
  if (quantities.length && place.dataset.nearest) place.prepend(place.dataset.nearest);
}

function set(input, quantity) {
  input.value = String(quantity);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function step(box, direction) {
  const input = box.querySelector("input");
  const { multiple, minimum } = rules(box);
  const now = number(input.value) || 0;
  const next = direction > 0 ? Math.floor(now / multiple) * multiple + multiple : Math.ceil(now / multiple) * multiple - multiple;
  set(input, Math.max(minimum, next));
}

function prepare(root) {
  for (const box of root.querySelectorAll?.("[data-quantity]:not([data-ready])") ?? []) {
    box.dataset.ready = "";
    for (const button of box.querySelectorAll("[data-step]")) button.hidden = false;
    show(box);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quantity] [data-step]");
  if (button) step(button.closest("[data-quantity]"), Number(button.dataset.step));
});
document.addEventListener("keydown", (event) => {
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const box = direction && event.target.closest?.("[data-quantity]");
  if (!box || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  step(box, direction);
});
document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-quantity]");
  if (box) show(box);
});
document.body.addEventListener("htmx:load", (event) => prepare(event.target.parentElement ?? document));
prepare(document);
