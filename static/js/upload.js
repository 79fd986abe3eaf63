// Forms with files, <form data-upload>: what was chosen is shown, sending is shown, and a form that comes back with
// errors keeps its files, because only the errors are taken over from the answer.

const KINDS = { "application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP" };

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function face(file) {
  const box = document.createElement("span");
  box.className = "chosen-face";
  if (!file.type.startsWith("image/")) {
    box.textContent = KINDS[file.type] || "?";
    return box;
  }
  const picture = document.createElement("img");
  picture.alt = "";
  const reader = new FileReader();
  reader.onload = () => { picture.src = reader.result; };
  reader.readAsDataURL(file);
  box.append(picture);
  return box;
}

function showChosen(zone) {
  const [file] = zone.querySelector("input[type=file]").files;
  const chosen = zone.querySelector("[data-chosen]");
  zone.classList.toggle("filled", Boolean(file));
  if (!file) return chosen.replaceChildren();
  const name = document.createElement("strong");
  name.className = "truncate";
  name.dir = "auto";
  name.textContent = file.name;
  const weight = document.createElement("span");
  weight.className = "quiet small";
  weight.dir = "ltr";
  weight.textContent = size(file.size);
  const words = document.createElement("span");
  words.className = "chosen-name";
  words.append(name, weight);
  chosen.replaceChildren(face(file), words);
}

for (const zone of document.querySelectorAll("[data-dropzone]")) {
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    zone.closest(".field").classList.remove("wrong");
    zone.closest(".field").querySelector("[data-errors]").replaceChildren();
    showChosen(zone);
  });
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, () => zone.classList.add("over"));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  showChosen(zone);
}

function takeOverErrors(form, answer) {
  for (const told of answer.querySelectorAll("[data-without-script]")) told.remove();
  const summary = answer.querySelector("[data-summary]");
  summary?.querySelector("[autofocus]")?.removeAttribute("autofocus");
  document.querySelector("[data-summary]").replaceChildren(...(summary ? summary.childNodes : []));
  const theirs = answer.querySelector("form[data-upload]");
  for (const field of form.querySelectorAll(".field")) {
    const id = field.querySelector("[name]")?.id;
    const other = id && theirs.querySelector(`#${id}`)?.closest(".field");
    if (!other) continue;
    if (field.matches(".upload")) {
      field.classList.toggle("wrong", other.matches(".wrong"));
      field.querySelector("[data-errors]").replaceChildren(...other.querySelector("[data-errors]").childNodes);
    } else {
      const typed = field.querySelector("[name]").value;
      field.replaceWith(other);
      other.querySelector("[name]").value = typed;
    }
  }
  document.querySelector(".error-summary")?.focus();
}

function complain(text) {
  document.body.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "error" } }));
}

function free(form) {
  delete form.dataset.sent;
  form.querySelector("button.button").removeAttribute("aria-busy");
  form.querySelector("[data-sending]").hidden = true;
}

function send(form) {
  const sending = form.querySelector("[data-sending]");
  const words = sending.querySelector("[data-percent]");
  const request = new XMLHttpRequest();
  sending.hidden = false;
  words.textContent = words.dataset.words;
  request.upload.onprogress = (event) => {
    const percent = Math.round((event.loaded / event.total) * 100);
    sending.querySelector("progress").value = percent;
    words.textContent = percent < 100 ? `${words.dataset.words} · ${percent}%` : words.dataset.checking;
  };
  request.onload = () => {
    const answer = request.responseXML;
    if (answer?.querySelector("form[data-upload]") && answer.querySelector(".error-summary")) {
      takeOverErrors(form, answer);
      free(form);
    } else if (request.status < 400) {
      location.assign(request.responseURL);
    } else {
      complain(answer?.querySelector("main h1 + p")?.textContent || form.dataset.trouble);
      free(form);
    }
  };
  request.onerror = () => { complain(form.dataset.trouble); free(form); };
  request.open("POST", form.action);
  request.responseType = "document";
  request.setRequestHeader("X-Browser-Holds-Files", "yes");
  request.send(new FormData(form));
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    form.querySelector("button.button").setAttribute("aria-busy", "true");
    send(form);
  });
}
