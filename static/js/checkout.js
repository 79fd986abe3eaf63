// Nothing typed is lost when the line is: an offline form is not sent. A page kept by the browser from before
// the order was placed is asked for anew, and shows that it was.
const form = document.getElementById("checkout");

form.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: form.dataset.offline, tone: "error" } }));
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
