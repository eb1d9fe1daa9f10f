// The library's list: which papers are selected (they stay so while the list grows or changes), what is done with them,
// more papers as one scrolls, and the forms for tags and notes.
window.papersLibrary = (() => {
  const chosen = new Map(); // id -> true, in the order of selection
  let send = () => {};
  let last = null; // the box that was clicked last, where a range begins

  const boxes = () => [...document.querySelectorAll("#rows input[data-pick]")];
  const bar = () => document.querySelector("#selection .selection");

  const put = (id, on) => (on ? chosen.set(id, true) : chosen.delete(id));

  const show = () => {
    for (const box of boxes()) box.checked = chosen.has(box.dataset.pick);
    const region = bar();
    if (!region) return;
    region.hidden = chosen.size === 0;
    document.body.classList.toggle("selecting", chosen.size > 0);
    const said = `${chosen.size.toLocaleString("en")} selected`;
    const line = region.querySelector("[data-selected]");
    if (line.textContent !== said) line.textContent = said;
    region.querySelector("[data-several]").disabled = chosen.size < 2 || chosen.size > 8;
    if (!chosen.size) for (const menu of region.querySelectorAll("details")) menu.open = false;
  };

  const clear = () => {
    chosen.clear();
    last = null;
    show();
  };

  const picked = (event) => {
    const box = event.target;
    if (event.shiftKey && last && last !== box && last.isConnected) {
      const all = boxes();
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) put(one.dataset.pick, box.checked);
    }
    put(box.dataset.pick, box.checked);
    last = box;
    show();
  };

  // A comparison has an address, which shows it at no cost.
  const go = (papers) => {
    const query = `?${new URLSearchParams(papers.map((paper, place) => ["abcdefgh"[place], paper]))}`;
    window.papers.address(query);
    send("go", { query });
  };

  const exportAs = async (ending) => {
    const answer = await fetch(`download/papers.${ending}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify([...chosen.keys()]),
    });
    if (!answer.ok) return;
    const address = URL.createObjectURL(await answer.blob());
    const link = Object.assign(document.createElement("a"), { href: address, download: `papers.${ending}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  const clicked = (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    if (target.matches("input[data-pick]")) return picked(event);
    const select = target.closest("[data-select]");
    if (select) {
      if (select.dataset.select === "none") return clear();
      for (const box of boxes()) put(box.dataset.pick, true);
      return show();
    }
    const ending = target.closest("[data-export]")?.dataset.export;
    if (ending) {
      target.closest("details").open = false;
      return exportAs(ending);
    }
    const deed = target.closest("button[data-deed]")?.dataset.deed;
    if (!deed) return;
    if (deed === "pair") return go([...chosen.keys()]);
    send(deed, { papers: [...chosen.keys()] });
    if (deed === "remove") clear();
  };

  const submitted = (event) => {
    const form = event.target;
    const several = form.dataset.deed;
    if (!several && !form.dataset.send) return;
    event.preventDefault();
    if (several) {
      const words = form.elements.tag.value.trim();
      if (!words) return;
      send(several, { papers: [...chosen.keys()], [event.submitter?.value || "add"]: words });
      form.reset();
      form.closest("details").open = false;
      return;
    }
    send(form.dataset.send, { paper: form.dataset.paper, ...Object.fromEntries(new FormData(form)) });
    if (form.elements.add) form.reset();
  };

  // Gradio keeps what was typed into a field when the page around it is drawn anew: a field shows what is stored as soon
  // as that has changed, or is another paper's.
  const stored = new WeakMap();
  const fill = () => {
    for (const form of document.querySelectorAll("#paper form[data-send]")) {
      for (const field of form.querySelectorAll("textarea, input")) {
        const now = `${form.dataset.paper}\n${field.defaultValue}`;
        if (stored.has(field) && stored.get(field) !== now) field.value = field.defaultValue;
        stored.set(field, now);
      }
    }
  };

  // Near its end the list shows more, once for each length that it has; the button does the same.
  let asked = 0;
  const scrolled = () => {
    const more = document.getElementById("more-papers");
    if (!more || !more.offsetParent || more.getBoundingClientRect().top > innerHeight + 600) return;
    const length = boxes().length;
    if (length === asked) return;
    asked = length;
    more.click();
  };

  // The tab is drawn by the server: what was selected is marked again.
  const drawn = (changes) => {
    const within = ({ target }) => (target.closest ? target : target.parentElement)?.closest("#library");
    if (!changes.some(within)) return;
    if (boxes().length < asked) asked = 0;
    show();
    fill();
  };

  const connect = (trigger) => {
    send = trigger;
    document.addEventListener("click", clicked);
    document.addEventListener("submit", submitted);
    document.addEventListener("scroll", scrolled, { passive: true });
    new MutationObserver(drawn).observe(document.body, { childList: true, subtree: true, characterData: true });
  };

  const { connect: connectWindow } = window.papers;
  window.papers.connect = (trigger, actions) => {
    connectWindow(trigger, actions);
    connect(trigger);
  };

  return { clear };
})();
