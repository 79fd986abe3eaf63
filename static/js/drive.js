// A driver's steps: sent at once where there is a line, else kept on the phone (IndexedDB, photos too) and sent in
// order when it is back. Each step carries a key of its own, so that sending it twice does nothing twice.

const board = document.getElementById("waiting");
const words = board.dataset;

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("aqad-drive", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("steps", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, work) {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("steps", mode);
    const asked = work(transaction.objectStore("steps"));
    transaction.oncomplete = () => { database.close(); resolve(asked.result); };
    transaction.onerror = () => { database.close(); reject(transaction.error); };
  });
}

const keep = (step) => store("readwrite", (steps) => steps.put(step));
const forget = (step) => store("readwrite", (steps) => steps.delete(step.key));
const kept = async () => (await store("readonly", (steps) => steps.getAll())).sort((a, b) => a.at - b.at);

function row(step) {
  const box = document.getElementById("waiting-row").content.cloneNode(true).firstElementChild;
  box.classList.toggle("refused", Boolean(step.refused));
  const [head, more] = [box.querySelector("strong"), box.querySelector("div > span")];
  head.textContent = `${step.code} · ${words[step.status]} · ${step.refused ? words.refused : words.kept}`;
  more.textContent = step.refused || step.trouble || words.keptMore;
  if (step.refused) {
    const button = document.createElement("button");
    button.className = "button button-quiet button-small";
    button.textContent = words.dismiss;
    button.addEventListener("click", async () => { await forget(step); location.reload(); });
    box.append(button);
  }
  return box;
}

async function show() {
  const steps = await kept();
  board.replaceChildren(...steps.map(row));
  for (const step of steps) {
    if (step.refused || !location.pathname.endsWith(`/${step.code}`)) continue;
    for (const part of document.querySelectorAll("[data-steps]")) part.hidden = true;
  }
  for (const step of steps) {
    const hero = document.querySelector(`.next-stop[data-delivery="${step.code}"] form`);
    if (hero && !step.refused) hero.hidden = true;
  }
}

function body(step) {
  const form = new FormData();
  for (const [name, value] of Object.entries(step.fields)) form.append(name, value);
  if (step.photo) form.append("photo", step.photo, "photo");
  form.set("key", step.key);
  form.set("occurred_at", new Date(step.at).toISOString());
  return form;
}

// What became of a step: done (with where to go), refused (with why), or to be tried again later (with why).
async function send(step) {
  let answer;
  try {
    answer = await fetch(step.path, {
      method: "POST",
      body: body(step),
      headers: { Accept: "application/json", "X-CSRFToken": words.csrf },
      signal: AbortSignal.timeout(30000),
    });
  } catch {
    return { later: "" };
  }
  if (answer.redirected || answer.status === 401) return { later: words.signedOut };
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return { done: told.path };
  const passing = answer.status >= 500 || answer.status === 429 || told.code === "idempotency_in_progress";
  return passing ? { later: words.trouble } : { refused: told.message, code: told.code };
}

let sending = false;
async function sendKept() {
  if (sending) return;
  sending = true;
  let moved = false;
  const stuck = new Set();
  for (const step of await kept()) {
    if (step.refused || stuck.has(step.code)) continue;
    const { done, refused, later } = await send(step);
    if (done) { await forget(step); moved = true; }
    else if (refused) { await keep({ ...step, refused }); stuck.add(step.code); }
    else { await keep({ ...step, trouble: later }); stuck.add(step.code); if (!later) break; }
  }
  sending = false;
  if (moved) location.reload();
  else await show();
}

function stepOf(form) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  delete fields.csrfmiddlewaretoken;
  const [photo] = form.elements.photo?.files || [];
  const path = new URL(form.action).pathname;
  return { key: fields.key, code: path.split("/").at(-2), path, status: fields.status, fields, photo, at: Date.now() };
}

function free(form) {
  delete form.dataset.sent;
  form.querySelector("button.button").removeAttribute("aria-busy");
}

async function take(form) {
  const step = stepOf(form);
  const { done, refused, later } = await send(step);
  if (done) return location.assign(done);
  if (refused) {
    form.querySelector("[data-step-error]").textContent = refused;
    form.elements.key.value = crypto.randomUUID();
    if (form.elements.pin) { form.elements.pin.value = ""; form.elements.pin.focus(); }
    return free(form);
  }
  await keep({ ...step, trouble: later });
  free(form);
  await show();
  board.scrollIntoView({ block: "center" });
}

for (const form of document.querySelectorAll("form[data-step]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    form.querySelector("button.button").setAttribute("aria-busy", "true");
    form.querySelector("[data-step-error]").textContent = "";
    take(form);
  });
}

const pin = document.getElementById("pin");
document.querySelector("[data-keypad]")?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.digit) pin.value = (pin.value + button.dataset.digit).slice(0, 4);
  else pin.value = "clear" in button.dataset ? "" : pin.value.slice(0, -1);
});

for (const shot of document.querySelectorAll("[data-shot]")) {
  const input = shot.querySelector("input");
  input.addEventListener("change", () => {
    shot.querySelector("img")?.remove();
    shot.classList.toggle("taken", input.files.length > 0);
    if (!input.files.length) return;
    const reader = new FileReader();
    reader.onload = () => {
      const picture = document.createElement("img");
      picture.src = reader.result;
      picture.alt = "";
      shot.prepend(picture);
    };
    reader.readAsDataURL(input.files[0]);
  });
}

addEventListener("online", sendKept);
setInterval(sendKept, 60000);
show().then(sendKept);
