// The sheet that was chosen is named, and a file dragged over the zone lights it up.

for (const zone of document.querySelectorAll("[data-dropzone]")) {
  const input = zone.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) zone.querySelector("[data-name]").textContent = file.name;
  });
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, () => zone.classList.add("over"));
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
}
