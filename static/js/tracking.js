// The part of the page that follows an order says which version it shows, so that the server answers 304 while
// nothing moved; then nothing is swapped and the place of reading is kept.
document.body.addEventListener("htmx:configRequest", (event) => {
  const version = event.detail.elt.dataset.version;
  if (version) event.detail.headers["If-None-Match"] = version;
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
});
