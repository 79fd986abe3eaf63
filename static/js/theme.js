// Loaded before anything is drawn, so that a chosen theme never flashes. Not a module for that reason.
(() => {
  const root = document.documentElement;
  const wish = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* private window */ } };
  const isDark = () => (root.dataset.theme || (wish.matches ? "dark" : "light")) === "dark";

  if (kept() === "dark" || kept() === "light") root.dataset.theme = kept();

  addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      const use = button.querySelector("use");
      const show = () => use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isDark() ? "#sun" : "#moon"));
      button.hidden = false;
      show();
      wish.addEventListener("change", show);
      button.addEventListener("click", () => {
        root.dataset.theme = isDark() ? "light" : "dark";
        keep(root.dataset.theme);
        show();
        dispatchEvent(new Event("themechange"));
      });
    }
  });
})();
