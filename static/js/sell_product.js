// The form of a product: price tiers come and go, pictures are dropped, shown before they are sent, and dragged.
import { latin } from "./digits.js";

function number(box) {
  const rows = [...box.querySelectorAll("[data-tier]")];
  rows.forEach((row, at) => {
    for (const each of row.querySelectorAll("[name], [id], [for]")) {
      for (const name of ["name", "id", "for"]) {
        if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(/tiers-(\d+|__prefix__)-/, `tiers-${at}-`));
      }
    }
  });
  box.querySelector('[name="tiers-TOTAL_FORMS"]').value = rows.length;
}

const tiers = document.querySelector("[data-tiers]");
const rows = tiers?.querySelector("[data-rows]");

// The last row is always blank: whoever fills it gets another one.
function keepOneBlank() {
  const filled = [...(rows.lastElementChild?.querySelectorAll("input") ?? [])].some((input) => input.value);
  if (filled || !rows.lastElementChild) rows.append(tiers.querySelector("[data-blank]").content.cloneNode(true));
  number(tiers);
  for (const row of rows.children) row.querySelector("[data-remove]").hidden = row === rows.lastElementChild;
}

rows?.querySelectorAll("[data-without-script]").forEach((row) => row.remove());
if (rows) keepOneBlank();
rows?.addEventListener("input", keepOneBlank);
rows?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-remove]")) return;
  event.target.closest("[data-tier]").remove();
  keepOneBlank();
  rows.lastElementChild.querySelector("input").focus();
});

// A barcode with a wrong check digit is said so at once; the server decides.
const barcode = document.querySelector("[data-gtin]");
function fits(digits) {
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}
barcode?.addEventListener("input", () => {
  const digits = latin(barcode.value).replace(/[\s-]/g, "");
  barcode.classList.toggle("fits", fits(digits));
  barcode.classList.toggle("unfit", digits.length >= 12 && !fits(digits));
});

function preview(input) {
  input.closest(".field").querySelector("[data-kept]")?.remove();
  const list = input.closest(".field").querySelector("[data-previews]");
  list.replaceChildren(...[...input.files].map((file) => {
    const item = document.createElement("li");
    item.className = "preview";
    const picture = new Image();
    picture.alt = "";
    const reader = new FileReader(); // a data: address, as the policy lets no blob: one be shown
    reader.addEventListener("load", () => { picture.src = reader.result; });
    reader.readAsDataURL(file);
    const name = document.createElement("span");
    name.className = "truncate";
    name.textContent = file.name;
    item.append(picture, name);
    return item;
  }));
}
document.addEventListener("change", (event) => {
  if (!event.target.matches('[data-dropzone] input[type="file"]')) return;
  preview(event.target);
  event.target.closest("form[data-upload]")?.requestSubmit();
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.target.closest?.("[data-dropzone]")?.classList.toggle("over", kind === "dragover");
  });
}
document.body.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
document.body.addEventListener("htmx:load", (event) => {
  for (const each of event.target.querySelectorAll?.("[data-without-script]") ?? []) each.hidden = true;
});

let lifted = null;
document.addEventListener("dragstart", (event) => {
  lifted = event.target.closest?.("[data-image]");
  if (!lifted) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", lifted.dataset.image);
  lifted.classList.add("lifted");
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-image]");
  if (!lifted || !over) return;
  event.preventDefault();
  if (over === lifted) return;
  const all = [...over.parentElement.children];
  over[all.indexOf(lifted) < all.indexOf(over) ? "after" : "before"](lifted);
});
document.addEventListener("dragend", () => {
  if (!lifted) return;
  lifted.classList.remove("lifted");
  const list = lifted.closest("[data-shots]");
  const position = [...list.children].indexOf(lifted) + 1;
  htmx.ajax("POST", list.dataset.action, { target: "#images", swap: "outerHTML", values: { image: lifted.dataset.image, position } });
  lifted = null;
});
