// The address of what is shown, and Back: with the source open it closes the source, else it leads to where one was.
window.papersHistory = (() => {
  let here = location.search; // what the page shows
  let restored = null;
  history.scrollRestoration = "manual";

  const tabOf = (query) => {
    const asked = new URLSearchParams(query);
    if (asked.has("paper")) return "library";
    if (["week", "since", "until", "about", "tags", "topics"].some((name) => asked.has(name))) return "weekly";
    if (asked.has("a") || asked.has("b")) return "compare";
    return asked.get("tab") || "ask";
  };

  const same = (one, other) => new URLSearchParams(one).toString() === new URLSearchParams(other).toString();

  // Where the page was when something was clicked: by the time its address comes, another page may be shown.
  let left = 0;
  const mark = () => {
    left = scrollY;
  };

  const leave = () => history.replaceState({ ...history.state, top: left }, "");

  // Calls `reach` now and at every change of the page, in place of what was watched for before.
  const watch = (reach) => {
    restored?.disconnect();
    restored = new MutationObserver(reach);
    restored.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class", "style"] });
    reach();
    return restored;
  };

  // A paper begins at its top, however far down the list was that it takes the place of. It may be drawn before its
  // address comes, or after.
  const openAtTop = (id) =>
    watch(() => {
      const paper = document.querySelector("#paper .paper-page");
      if (paper?.dataset.paper !== id || !paper.checkVisibility()) return;
      restored.disconnect();
      scrollTo({ top: 0, behavior: "instant" });
    });

  // Sets the address of what is shown; a tab's bare address does not replace one within that tab.
  const address = (query) => {
    const bare = /^\?tab=|^\??$/.test(query);
    if (same(query, here) || (bare && tabOf(query) === tabOf(here))) return;
    here = query;
    leave();
    history.pushState(null, "", query || location.pathname);
    const paper = new URLSearchParams(query).get("paper");
    if (paper) openAtTop(paper);
  };

  // The source is a step of its own, so that Back closes it; a second source takes the place of the first.
  const openSource = () => {
    if (!history.state?.source) {
      leave();
      history.pushState({ source: true }, "");
    }
  };

  const closeSource = () => {
    if (history.state?.source) history.back();
  };

  const isSource = () => Boolean(history.state?.source);

  // What is gone back to is drawn by the server, in its time: whenever the page is tall enough it is scrolled to where
  // it was, until a person moves it.
  const scrollBack = () => {
    const top = history.state?.top || 0;
    const watched = watch(() => {
      if (document.documentElement.scrollHeight < top + innerHeight / 2) return;
      scrollTo({ top, behavior: "instant" });
    });
    const end = () => watched.disconnect();
    for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(moved, end, { once: true });
    setTimeout(end, 10_000);
  };

  // Calls `closed` when the source is to be closed, and `go` with the address that is to be shown.
  const listen = (closed, go) => {
    addEventListener("popstate", () => {
      closed();
      if (same(location.search, here)) return;
      here = location.search;
      scrollBack();
      go(here);
    });
  };

  return { address, mark, openSource, closeSource, isSource, listen };
})();
