// The rows of one's own in the Compare tab, kept in this browser; an address that names a comparison has its own.
(() => {
  const KEY = "papers-rows";
  const boxIn = (place) => place?.querySelector?.(".own-rows :is(textarea, input)");

  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem(KEY) || "";
      if (value) localStorage.setItem(KEY, value);
      else localStorage.removeItem(KEY);
    } catch {}  // a browser that keeps nothing
    return "";
  };

  const fill = () => {
    const box = boxIn(document);
    if (!box || "kept" in box.dataset) return;
    box.dataset.kept = "";
    const asked = new URLSearchParams(location.search);
    if (box.value || asked.has("a") || asked.has("b")) return;
    box.value = stored();
    if (box.value) box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("input", ({ target }) => {
    if (target.closest?.(".own-rows")) stored(target.value.trim());
  });
  new MutationObserver(fill).observe(document, { childList: true, subtree: true });
})();
