// What pages do without being asked again: searching as one types, and the feed as it grows. Everything works without it.
"use strict";

for (const form of document.querySelectorAll("form[data-live]")) {
  const place = document.querySelector(form.dataset.live);
  let timer = 0;
  let last = 0;
  const show = async () => {
    const number = ++last;
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    const url = form.action + "?" + query;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(form.dataset.live);
      // Whoever typed on has asked for something else meanwhile.
      if (number !== last) return;
      if (!found) { location.assign(url); return; }
      place.replaceChildren(...found.childNodes);
      history.replaceState(null, "", url);
    } catch {
      // Without the network the form is still there to be sent.
    } finally {
      if (number === last) place.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(show, event.target.matches("select, [type=date]") ? 0 : 250);
  });
}

for (const list of document.querySelectorAll("[data-feed]")) {
  const say = document.querySelector(list.dataset.say);
  const source = new EventSource(list.dataset.feed);
  let timer = 0;
  source.addEventListener("open", () => { say.textContent = list.dataset.open; });
  source.addEventListener("error", () => { say.textContent = list.dataset.lost; });
  source.addEventListener("message", () => {
    // The page knows how events are told: it is asked for them.
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.getElementById(list.id);
        if (found) list.replaceChildren(...found.childNodes);
      } catch {
        say.textContent = list.dataset.lost;
      }
    }, 100);
  });
}

for (const text of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second copy";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = text.dataset.copied;
    } catch {
      // Where the clipboard may not be used, the text is selected to be copied by hand.
      getSelection().selectAllChildren(text);
    }
  });
  text.parentElement.before(button);
}
