// The card under a citation: above it where there is no room beneath, within the window, and never on the citation itself.
window.papersCards = (() => {
  const GAP = 8; // pixels between a card and the edges

  const edges = () => {
    const bar = document.querySelector("#tabs > .tab-wrapper")?.getBoundingClientRect().bottom || 0;
    const composer = document.querySelector("#composer");
    const typed = composer?.offsetParent ? composer.getBoundingClientRect().top : innerHeight;
    return { top: Math.max(bar, 0), bottom: Math.min(typed, innerHeight) };
  };

  const place = (cited) => {
    const card = cited.querySelector(":scope > .card");
    if (!card?.getClientRects().length) return;
    card.classList.remove("above", "placed");
    card.style.removeProperty("--shift");
    const mark = cited.getBoundingClientRect();
    const { top, bottom } = edges();
    const beneath = bottom - mark.bottom - GAP;
    const above = mark.top - top - GAP;
    const lifted = card.offsetHeight > beneath && above > beneath;
    card.classList.toggle("above", lifted);
    card.style.setProperty("--room", `${Math.max(lifted ? above : beneath, 60)}px`);
    card.classList.add("placed");
    const { left, right } = card.getBoundingClientRect();
    const over = Math.max(right - (document.documentElement.clientWidth - GAP), 0);
    const shift = left - over < GAP ? GAP - left : -over;
    if (shift) card.style.setProperty("--shift", `${shift}px`);
  };

  const citedOf = (node) => node?.closest?.(".cited");

  // A card that has been left, or whose source has been opened, stays shut: it would cover other citations.
  const shut = (cited) => cited?.classList.add("shut");

  const listen = () => {
    document.addEventListener("pointerover", (event) => {
      const cited = citedOf(event.target);
      if (!cited || cited.contains(event.relatedTarget)) return;
      cited.classList.remove("shut");
      place(cited);
    });
    document.addEventListener("pointerout", (event) => {
      const cited = citedOf(event.target);
      if (cited && !cited.contains(event.relatedTarget)) cited.classList.toggle("shut", cited.contains(document.activeElement));
    });
    document.addEventListener("focusin", (event) => {
      const cited = citedOf(event.target);
      if (cited) place(cited);
    });
    document.addEventListener("focusout", (event) => {
      const cited = citedOf(event.target);
      if (cited && !cited.matches(":hover")) cited.classList.remove("shut");
    });
    document.addEventListener("click", (event) => shut(citedOf(event.target.closest?.(".cite"))));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") document.querySelectorAll(".cited:hover, .cited:focus-within").forEach(shut);
    });
  };

  return { listen, shut };
})();
