// What the page does by itself: passes clicks on [data-do] to the server, keeps the address in step,
// copies, and moves the focus. It holds no state that matters and makes no HTML of foreign text.
window.papers = (() => {
  let send = () => {};
  let cameFrom = null;
  let opening = true;

  const { address, mark, openSource, closeSource, isSource, listen } = window.papersHistory;

  const say = (words) => {
    const line = document.getElementById("said") || document.body.appendChild(Object.assign(
      document.createElement("div"), { id: "said", role: "status" }));
    line.textContent = words;
    line.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => line.classList.remove("shown"), 2500);
  };

  const copy = async (button) => {
    const { text, from } = button.dataset;
    const words = from ? await (await fetch(from)).text() : text;
    try {
      await navigator.clipboard.writeText(words);
    } catch {  // an address that is not https or loopback has no clipboard
      const box = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: words }));
      box.select();
      document.execCommand("copy");
      box.remove();
    }
    say("Copied");
  };

  const hideSource = () => {
    if (!document.body.classList.contains("with-source")) return;
    document.body.classList.remove("with-source");
    if (cameFrom && cameFrom.isConnected) {
      window.papersCards.shut(cameFrom.closest(".cited"));
      cameFrom.focus({ preventScroll: true });
    }
    cameFrom = null;
  };

  const leaveSource = () => (isSource() ? closeSource() : hideSource());

  // Menus close on Escape, and on a click elsewhere.
  const closeMenus = (besides) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!besides || !menu.contains(besides)) menu.open = false;
    }
  };

  const showSource = (from) => {
    cameFrom = from;
    openSource();
    document.body.classList.add("with-source");
    const panel = document.querySelector("#source .html-container");
    const shown = new MutationObserver(() => {
      shown.disconnect();
      requestAnimationFrame(() => {
        panel.querySelector("h2")?.focus({ preventScroll: true });
        const mark = panel.querySelector("mark");
        const scrolled = panel.closest("#source");
        scrolled.scrollTop = 0;
        if (mark) scrolled.scrollTop = mark.getBoundingClientRect().bottom + 24 - scrolled.getBoundingClientRect().bottom;
      });
    });
    shown.observe(panel, { childList: true, subtree: true, characterData: true, attributes: true });
  };

  // A conversation's title becomes a field; Enter keeps what is typed, Escape leaves the old one.
  const rename = (button) => {
    const row = button.closest("li");
    const title = row.querySelector("a");
    const field = Object.assign(document.createElement("input"), { value: title.textContent });
    field.setAttribute("aria-label", "New title");
    title.replaceWith(field);
    field.select();
    let over = false;
    const end = (keep) => {
      if (over) return;
      over = true;
      field.replaceWith(title);
      title.focus();
      if (keep && field.value.trim()) send("rename", { chat: button.dataset.chat, title: field.value });
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") end(false);
    });
    field.addEventListener("blur", () => end(true));
  };

  // A question becomes a field; what is typed is asked in its place, and the older version is kept.
  const edit = (button) => {
    const turn = button.closest(".turn");
    const heading = turn.querySelector(".question");
    if (turn.querySelector(".editing")) return;
    const form = Object.assign(document.createElement("form"), { className: "editing" });
    const field = Object.assign(document.createElement("textarea"), { value: button.dataset.text, rows: 3 });
    field.setAttribute("aria-label", "Edit the question");
    const keep = Object.assign(document.createElement("button"), { type: "submit", textContent: "Ask", className: "keep" });
    const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel", className: "quiet" });
    form.append(field, keep, leave);
    heading.hidden = true;
    heading.after(form);
    field.focus();
    const end = () => {
      form.remove();
      heading.hidden = false;
      button.focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      end();
      send("again", { turn: button.dataset.turn, text: field.value });
    });
    leave.addEventListener("click", end);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") end();
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  };

  const local = {
    copy,
    edit,
    close: leaveSource,
    rename,
    tab: (link) => document.querySelector(`[role=tab][data-tab-id="${link.dataset.tab}"]`)?.click(),
    look: window.papersAppearance.look,
    pasted: window.papersIncoming.addPasted,
    unfold: (button) => {
      const folded = button.previousElementSibling.classList.toggle("folded");
      button.textContent = folded ? "Show all" : "Show less";
    },
    fold: (button) => {
      const open = button.closest(".fold").classList.toggle("open");
      button.setAttribute("aria-expanded", open);
      if (open && button.dataset.tells) send(button.dataset.tells, {});
    },
    rail: () => document.body.classList.toggle("with-rail"),
  };

  const clicked = (event) => {
    closeMenus(event.target);
    mark();
    const tab = event.target.closest("[role=tab][data-tab-id]");
    if (tab) address(`?tab=${tab.dataset.tabId}`);
    const target = event.target.closest("[data-do]");
    if (!target || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const action = target.dataset.do;
    if (local[action]) return local[action](target);
    if (action === "source") showSource(target);
    if (action === "judge") say("The wording is being judged …");
    if (action === "chat" || action === "fresh") document.body.classList.remove("with-rail");
    if (action === "chat") opening = true;
    const leadsTo = target.getAttribute("href");
    if (leadsTo?.startsWith("?")) address(leadsTo);  // the server names it too, but not twice in a row
    send(action, { ...target.dataset });
  };

  const keyed = (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        closeMenus();
        menu.querySelector("summary").focus();
      } else if (document.body.classList.contains("with-source")) leaveSource();
      else if (!event.target.closest?.(".editing, #conversations")) window.papersKeys.pressed(event);
    } else if (window.papersKeys.pressed(event)) return;
    if (event.key === " " && event.target.matches?.("a[role=button]")) {
      event.preventDefault();
      event.target.click();
    }
  };

  // Older conversations are listed when the end of the list comes near.
  const scrolled = (event) => {
    const list = event.target;
    if (list.id !== "conversations" || list.scrollTop + list.clientHeight < list.scrollHeight - 200) return;
    const more = list.querySelector("button[data-do=older]:not(.asked)");
    if (!more) return;
    more.classList.add("asked");
    send("older", { ...more.dataset });
  };

  // The newest question goes to the top of the page, so that the answer grows beneath it without scrolling; so does
  // the last one of a conversation that is opened.
  const watchTurns = () => {
    let newest = "";
    new MutationObserver(() => {
      const turns = document.querySelectorAll("#chat .turn");
      const turn = opening ? turns[turns.length - 1] : document.querySelector("#live .turn.growing");
      if (!turn || turn.id === newest) return;
      newest = turn.id;
      if (turn === turns[0]) scrollTo(0, 0);
      else turn.scrollIntoView({ block: "start", behavior: opening ? "instant" : "smooth" });
      opening = false;
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["id"] });
  };

  const connect = (trigger) => {
    let steps = 0;  // where a page was led last counts, in whatever order the server hears of it
    send = (action, data) => trigger(action, action === "go" ? { ...data, step: ++steps } : data);
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", keyed);
    listen(hideSource, (query) => send("go", { query }));
    document.addEventListener("scroll", scrolled, { capture: true, passive: true });
    watchTurns();
    window.papersKeys.announce();
    window.papersCards.listen();
    window.papersIncoming.listen();
    window.papersSheet.listen(leaveSource);
  };

  // On a wide screen one can type at once.
  const begin = () => {
    window.papersAppearance.watch();
    const idle = document.activeElement === document.body && innerWidth > 820;
    if (idle) document.querySelector("#question textarea")?.focus({ preventScroll: true });
  };

  return { connect, address, begin };
})();
