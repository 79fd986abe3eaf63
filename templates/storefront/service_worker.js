// Keeps the page for a lost connection and shows it when a page cannot be had. Nothing else is kept: what AQAD
// says is never older than its last answer.
const CACHE = "offline-1";
const PAGE = "{% url 'offline' %}";

async function keep() {
  const answer = await fetch(PAGE, { cache: "reload", credentials: "omit" });
  const text = await answer.clone().text();
  await (await caches.open(CACHE)).put(PAGE, answer);
  // Its looks have names that change with their content, so the browser's own cache keeps them.
  const looks = [...text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((found) => found[1]);
  await Promise.all(looks.map((address) => fetch(address)));
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate" || event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(PAGE).then((kept) => kept ?? Response.error())));
});
