// On a telephone the source is a sheet with a handle: a tap on it, or drawing it down, closes the source.
window.papersSheet = (() => {
  const FAR = 60; // pixels down that close it

  const listen = (close) => {
    let from = null;
    const drawn = (event) => Math.max(event.clientY - from, 0);
    const sheet = () => document.querySelector("#source");
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.matches?.(".source .handle")) return;
      from = event.clientY;
      event.target.setPointerCapture(event.pointerId);
    });
    document.addEventListener("pointermove", (event) => {
      if (from !== null) sheet().style.translate = `0 ${drawn(event)}px`;
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      document.addEventListener(kind, (event) => {
        if (from === null) return;
        const far = drawn(event);
        from = null;
        sheet().style.removeProperty("translate");
        if (kind === "pointerup" && (far < 4 || far > FAR)) close();
      });
    }
  };

  return { listen };
})();
