// The Weekly tab: its contents scroll, a tap on the map opens the nearest paper, and the week's text can be typed over.
(() => {
  const REACH = 22; // pixels around a tap

  const scrollToTheme = (link) => {
    const section = document.querySelector(link.getAttribute("href"));
    section?.scrollIntoView({ block: "start" });
    section?.querySelector("h3")?.focus({ preventScroll: true });
  };

  const nearest = (map, event) => {
    const far = (dot) => {
      const box = dot.getBoundingClientRect();
      return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
    };
    const dots = [...map.querySelectorAll("a")];
    const best = dots.reduce((one, other) => (!one || far(other) < far(one) ? other : one), null);
    return best && far(best) <= REACH ? best : null;
  };

  const clicked = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.(".contents a");
    if (link) {
      event.preventDefault();
      scrollToTheme(link);
    }
    const map = event.target.closest?.(".map svg");
    if (!map || !event.detail || !event.isTrusted) return; // by keyboard the link is meant
    const meant = nearest(map, event);
    if (!meant || meant.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    meant.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  };

  document.addEventListener("click", clicked, true);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(".week input")) event.target.select();
  });
})();
