// The board asks for news with the mark of what it shows; 304 leaves everything as it is. It does not ask while
// nobody looks, or while somebody is about to press something on it. Printing a pick list is here too.

let mark = "";

document.body.addEventListener("htmx:configRequest", (event) => {
  const board = event.target;
  if (!board.matches("[data-poll]")) return;
  if (document.hidden || board.querySelector(":focus-visible, [aria-busy]")) event.preventDefault();
  if (mark) event.detail.headers["If-None-Match"] = mark;
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.verb === "get" && event.detail.xhr.status === 200) mark = event.detail.xhr.getResponseHeader("ETag") ?? "";
  if (event.detail.requestConfig?.verb === "post") mark = "";
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
