// The figures in the rows of a vendor's products: the save button appears once something is typed, Escape takes
// it back, and after saving the focus stays in the field.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.matches?.(".quick input")) return;
  event.target.value = event.target.dataset.was;
  event.target.closest("form").classList.remove("typed");
});
document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".quick input")) return;
  event.target.closest("form").classList.toggle("typed", event.target.value !== event.target.dataset.was);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".quick input")) event.target.select();
});
