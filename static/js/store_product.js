// The product page: thumbnails turn the stage, offered quantities go into the field without a new page.
const stage = document.querySelector(".gallery-stage");
const thumbs = [...document.querySelectorAll(".gallery-strip a")];
const still = matchMedia("(prefers-reduced-motion: reduce)");

function mark(id) {
  for (const thumb of thumbs) {
    if (thumb.hash === `#${id}`) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  }
}

for (const thumb of thumbs) {
  thumb.addEventListener("click", (event) => {
    event.preventDefault();
    const picture = document.querySelector(thumb.hash);
    const left = picture.offsetLeft - stage.firstElementChild.offsetLeft;
    stage.scrollTo({ left, behavior: still.matches ? "auto" : "smooth" });
    mark(picture.id);
  });
}
if (thumbs.length) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) mark(entry.target.id);
  }, { root: stage, threshold: 0.6 });
  for (const picture of stage.children) seen.observe(picture);
}

document.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-take]");
  const field = document.getElementById("quantity");
  if (!offered || !field) return;
  event.preventDefault();
  field.value = offered.dataset.take;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (!offered.closest(".tiers")) field.focus();
});
