// A link changed the list without a new page: the fields outside of it say what the address now says.
// What is typed leads to requests of its own and is left alone, however slow the answers are.
const fields = ["search", "filter-min_price", "filter-max_price"].map((id) => document.getElementById(id));

function agree() {
  const asked = new URLSearchParams(location.search);
  for (const field of fields) if (field) field.value = asked.get(field.name) ?? "";
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.elt.matches("a")) agree();
});
document.body.addEventListener("htmx:historyRestore", agree);

// The fields stay where they are while one types: an answer brings the sentences, and here they get their field.
function mark() {
  for (const field of document.querySelectorAll(".price-fields input")) {
    const sentence = document.getElementById(`${field.id}-error`);
    field.closest(".field").classList.toggle("wrong", Boolean(sentence));
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (sentence) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", sentence.id);
    }
  }
}

document.body.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
  if (target.id === "price-errors") mark();
});
document.body.addEventListener("htmx:historyRestore", mark);

// An answer does not undo what was ticked or unfolded while it was under way.
const ticked = new Set();
const facets = document.getElementById("facets");
facets.addEventListener("change", (event) => ticked.add(event.target.id), true);
facets.addEventListener("htmx:beforeSend", (event) => {
  if (event.target === facets) ticked.clear();
});
document.body.addEventListener("htmx:oobBeforeSwap", ({ detail: { fragment } }) => {
  for (const more of fragment.querySelectorAll("details[id]")) {
    if (document.getElementById(more.id)?.open) more.open = true;
  }
  for (const id of ticked) {
    const coming = fragment.querySelector(`#${CSS.escape(id)}`);
    if (coming) coming.checked = document.getElementById(id).checked;
  }
});
