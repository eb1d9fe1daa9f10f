// What comes from outside: a file dropped anywhere, and papers pasted where a question belongs, go to the form that adds.
window.papersIncoming = (() => {
  const LONG = 800; // characters, on
  const LINES = 6; // as many lines, are no question
  const PATIENCE = 5000; // milliseconds in which the form is drawn

  const shown = (selector) => [...document.querySelectorAll(selector)].find((part) => part.checkVisibility());

  const until = (found) => new Promise((reached) => {
    const end = performance.now() + PATIENCE;
    const look = () => {
      const part = found();
      if (part || performance.now() > end) reached(part);
      else requestAnimationFrame(look);
    };
    look();
  });

  // The form on the page: that of an empty library, else that of the Library tab, which is opened for it.
  const form = async () => {
    if (shown(".add-form")) return shown(".add-form");
    document.querySelector("[role=tab][data-tab-id=library]")?.click();
    const adding = await until(() => shown("#adding, #paper [data-do=papers]"));
    if (adding?.dataset.do) adding.click(); // a paper's own page: back to the list
    const opener = await until(() => shown("#adding .folding"));
    if (opener && !shown("#adding .add-form")) opener.click();
    return until(() => shown("#adding .add-form"));
  };

  const fill = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const addFiles = async (files) => {
    const into = await form();
    const field = into && await until(() => into.querySelector("input[type=file]"));
    if (!field) return;
    const given = new DataTransfer();
    for (const file of files) given.items.add(file);
    field.files = given.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    into.scrollIntoView({ block: "center" });
  };

  const question = () => document.querySelector("#question textarea");

  const isPapers = (text) => text.length >= LONG && text.trim().split(/\n+/).length >= LINES;

  const offer = () => document.querySelector("#composer")?.classList.toggle("pasted", isPapers(question().value));

  const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));

  // What stands in the question's box is added as papers. A form that has just been drawn may empty its field once more.
  const addPasted = async () => {
    const text = question().value;
    const into = await form();
    const field = into?.querySelector("textarea");
    if (!field) return;
    for (let tries = 0; tries < 10; tries += 1) {
      if (field.value !== text) fill(field, text);
      await pause(150);
      if (field.value === text && tries) break;
    }
    fill(question(), "");
    offer();
    into.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
    into.querySelector("button.paste")?.click();
  };

  const listen = () => {
    const dropping = (yes) => document.body.classList.toggle("dropping", yes);
    const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      dropping(true);
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) dropping(false);
    });
    document.addEventListener("drop", (event) => {
      dropping(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (!event.target.closest?.(".add-form")) addFiles(event.dataTransfer.files); // else Gradio takes it
    });
    document.addEventListener("input", (event) => {
      if (event.target === question()) offer();
    });
  };

  return { addPasted, listen };
})();
