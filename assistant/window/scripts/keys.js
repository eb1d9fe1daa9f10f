// The keys: / to ask, Escape to stop, ? for a list of them; and what screen readers are told.
window.papersKeys = (() => {
  const KEYS = [["/", "Ask"], ["Enter", "Send the question"], ["Shift + Enter", "New line"],
    ["Esc", "Close what is open, or stop an answer"], ["?", "This list"]];

  const list = () => {
    let dialog = document.getElementById("keys");
    if (!dialog) {
      dialog = document.body.appendChild(Object.assign(document.createElement("dialog"), { id: "keys" }));
      dialog.setAttribute("aria-label", "Keys");
      const rows = document.createElement("dl");
      for (const [key, does] of KEYS) {
        rows.append(Object.assign(document.createElement("dt"), { textContent: key }),
          Object.assign(document.createElement("dd"), { textContent: does }));
      }
      const close = Object.assign(document.createElement("button"), { className: "quiet", textContent: "Close" });
      close.addEventListener("click", () => dialog.close());
      dialog.append(Object.assign(document.createElement("h2"), { textContent: "Keys" }), rows, close);
    }
    dialog.showModal();
  };

  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable=true]");

  // Returns whether the key was one of ours.
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return false;
    if (event.key === "Escape") {
      const stop = [...document.querySelectorAll("button.halt")].find((button) => button.checkVisibility());
      if (!stop) return false;
      stop.click();
      return true;
    }
    if (typing(event.target)) return false;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("#tabs [role=tab][data-tab-id=ask]")?.click();
      setTimeout(() => document.querySelector("#question textarea")?.focus(), 50);
      return true;
    }
    if (event.key === "?") list();
    return event.key === "?";
  };

  // What a screen reader is told: that an answer has begun, and that it is whole; not every word of it.
  const announce = () => {
    const region = Object.assign(document.createElement("div"), { className: "sr", id: "announced" });
    region.setAttribute("role", "status");
    document.body.append(region);
    let growing = false;
    new MutationObserver(() => {
      const now = document.querySelector("#live .turn.growing") !== null;
      if (now === growing) return;
      growing = now;
      const done = document.querySelector("#live .turn:not(.growing)");
      region.textContent = now ? "The answer is being written." : done ? "The answer is there." : "";
    }).observe(document.body, { childList: true, subtree: true });
  };

  return { pressed, announce };
})();
