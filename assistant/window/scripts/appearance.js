// How the window looks: light, dark or as the system, kept in this browser; and the title of what is shown.
window.papersAppearance = (() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("papers-look") || "system";
    } catch {  // a browser that keeps nothing
      return "system";
    }
  };

  const apply = () => {
    const look = kept();
    document.body.classList.toggle("dark", look === "dark" || (look === "system" && dark.matches));
    for (const button of document.querySelectorAll("[data-do=look]")) {
      button.setAttribute("aria-pressed", String(button.dataset.look === look));
    }
  };

  const look = (button) => {
    try {
      localStorage.setItem("papers-look", button.dataset.look);
    } catch {}
    apply();
  };

  const named = () => {
    const tab = document.querySelector("#tabs [role=tab][aria-selected=true]");
    const paper = document.querySelector("#paper-title");
    const chat = document.querySelector("#conversations [aria-current]");
    const name = tab?.dataset.tabId === "library" && paper?.offsetParent ? paper.textContent
      : tab?.dataset.tabId === "ask" && chat ? chat.textContent : tab?.textContent;
    const title = name ? `${name.trim().slice(0, 80)} · Daily Papers` : "Daily Papers";
    if (document.title !== title) document.title = title;
  };

  // Gradio sets its own look when it has drawn the page; titles follow what is shown.
  const watch = () => {
    apply();
    dark.addEventListener("change", apply);
    let due = 0;
    new MutationObserver(() => {
      clearTimeout(due);
      due = setTimeout(named, 100);
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected", "aria-current"] });
    named();
  };

  return { look, watch };
})();
