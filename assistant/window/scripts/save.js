// The menu that copies or saves closes once something in it was chosen.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.(".save a, .save button");
  const menu = chosen?.closest("details");
  if (!menu) return;
  setTimeout(() => {
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
  });
});
