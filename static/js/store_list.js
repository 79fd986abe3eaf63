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
