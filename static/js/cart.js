// The cart is drawn anew after each change: whoever pressed a button or typed in a field goes on there.
let held = "";

document.body.addEventListener("htmx:beforeSwap", () => {
  held = document.activeElement?.id ?? "";
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (held && document.activeElement === document.body) document.getElementById(held)?.focus({ preventScroll: true });
});
