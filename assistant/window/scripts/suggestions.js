// Boxes that suggest papers: each is a combobox over the list that the server puts beneath it. Arrow keys mark an item,
// Enter chooses it or goes on, Escape closes the list.
(() => {
  const boxOf = (picking) => picking.querySelector("input, textarea");
  const listOf = (picking) => picking.querySelector(".suggested");
  const markedIn = (list) => list.querySelector("[aria-selected=true]");
  const isOpen = (list) => list && !list.hidden;
  const isCurrent = (list, box) => list && list.dataset.for === box.value;
  const choosesFor = (list) => list.querySelector("[data-do=only]"); // the box is a way to an item, not a field
  let waiting = null; // a box where Enter was pressed before its list came
  let asked = null; // the list that last took the focus

  const set = (element, name, value) => {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  const tell = (picking) => {
    const box = boxOf(picking);
    const list = listOf(picking);
    if (!box) return;
    const open = isOpen(list);
    set(box, "role", "combobox");
    set(box, "autocomplete", "off");
    set(box, "aria-autocomplete", "list");
    set(box, "aria-expanded", open ? "true" : "false");
    set(box, "aria-controls", list ? list.id : null);
    set(box, "aria-activedescendant", (open && markedIn(list)?.id) || null);
  };

  const show = (picking, open) => {
    const list = listOf(picking);
    if (list) {
      list.hidden = !open;
      if (!open) mark(picking, null);
    }
    tell(picking);
  };

  const mark = (picking, item) => {
    const list = listOf(picking);
    for (const each of list.querySelectorAll("[role=option]")) set(each, "aria-selected", each === item ? "true" : "false");
    item?.scrollIntoView({ block: "nearest" });
    tell(picking);
  };

  const move = (picking, step) => {
    const list = listOf(picking);
    const items = [...list.querySelectorAll("[role=option]")];
    const at = items.indexOf(markedIn(list));
    mark(picking, items[at < 0 ? (step > 0 ? 0 : items.length - 1) : (at + step + items.length) % items.length]);
  };

  const choose = (picking, item) => item.click(); // a click on [data-do], see window.js; `chosen` does the rest

  const chosen = (item) => {
    const picking = item.closest(".picking");
    const box = boxOf(picking);
    const clears = choosesFor(listOf(picking));
    show(picking, false);
    waiting = null;
    box.focus({ preventScroll: true });
    if (!clears) return;
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Closes the list of a box for what it holds: what is suggested for that late is not shown.
  const settle = (picking) => {
    show(picking, false);
    boxOf(picking).dataset.settled = boxOf(picking).value;
  };

  // What Enter means; false: what the box does by itself.
  const enter = (picking) => {
    const box = boxOf(picking);
    const list = listOf(picking);
    const marked = isOpen(list) && markedIn(list);
    if (marked) return choose(picking, marked) ?? true;
    if (picking.closest("#filters")) {
      if (!box.value.trim()) return false;
      if (isCurrent(list, box)) choose(picking, list.querySelector("[role=option]"));
      else waiting = box;
      return true;
    }
    if (isOpen(list) && isCurrent(list, box) && !("clear" in list.dataset)) {
      choose(picking, list.querySelector("[role=option]"));
      return true;
    }
    settle(picking);
    const others = [...(picking.closest(".pair")?.querySelectorAll(".picking") ?? [])].map(boxOf);
    const empty = box.value.trim() && others.find((other) => !other.value.trim());
    empty?.focus();
    return Boolean(empty);
  };

  const keyed = (event) => {
    const picking = event.target.closest?.(".picking");
    if (!picking || event.target !== boxOf(picking) || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const list = listOf(picking);
    let done = true;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list) {
      if (!isOpen(list)) show(picking, true);
      move(picking, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && isOpen(list)) settle(picking);
    else if (event.key === "Enter") done = enter(picking);
    else done = false;
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };

  // A list that has just come: shown where it is waited for, or where it asks something.
  const arrived = (picking, list) => {
    const box = boxOf(picking);
    list.dataset.seen = "";
    const asks = list.classList.contains("asks");
    list.hidden = !asks && (document.activeElement !== box || box.dataset.settled === box.value);
    if (asks && !(asked?.isConnected && asked.offsetParent)) {
      asked = list;
      box.focus();
    }
    if (waiting === box && isCurrent(list, box)) choose(picking, list.querySelector("[role=option]"));
  };

  const look = () => {
    for (const picking of document.querySelectorAll(".picking")) {
      const list = listOf(picking);
      if (list && !("seen" in list.dataset)) arrived(picking, list);
      tell(picking);
    }
  };

  let due = false;
  const changed = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      look();
    });
  };

  document.addEventListener("keydown", keyed, true);
  document.addEventListener("input", (event) => {
    if (event.target.closest?.(".picking")) delete event.target.dataset.settled;
  });
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest?.(".suggested")) event.preventDefault(); // the box keeps the focus
  });
  document.addEventListener("click", (event) => {
    const item = event.target.closest?.(".suggested [role=option]");
    if (item) chosen(item);
  });
  document.addEventListener("focusout", (event) => {
    const picking = event.target.closest?.(".picking");
    if (picking && isOpen(listOf(picking)) && !listOf(picking).classList.contains("asks")) show(picking, false);
  });
  new MutationObserver(changed).observe(document, { childList: true, subtree: true });
})();
