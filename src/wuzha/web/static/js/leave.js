// Whoever logs out leaves nothing typed behind on this machine for the next person at the desk.
(() => {
  "use strict";
  const PREFIX = "wuzha-kept:";
  document.addEventListener("submit", (event) => {
    if (!event.target.matches('form[action$="/log-out/"]')) return;
    try {
      const store = window.localStorage;
      for (const key of Object.keys(store).filter((name) => name.startsWith(PREFIX))) store.removeItem(key);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  });
})();
