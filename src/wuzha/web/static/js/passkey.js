// Passkeys: asks the server what to sign, lets the device sign it, and sends the answer with the form around the button.
// Without a script, or on a page that came without https, the button stays hidden and the other ways are there.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // Written out, since browsers of some years ago do not read and write these by themselves.
  function readOptions(told) {
    const options = { ...told, challenge: toBytes(told.challenge) };
    if (told.user) options.user = { ...told.user, id: toBytes(told.user.id) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (told[list]) options[list] = told[list].map((one) => ({ ...one, id: toBytes(one.id) }));
    }
    return options;
  }

  function writeAnswer(made) {
    const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const response = {};
    for (const name of names) if (made.response[name]) response[name] = toText(made.response[name]);
    const told = { id: made.id, rawId: toText(made.rawId), type: made.type, response };
    return { ...told, clientExtensionResults: made.getClientExtensionResults() };
  }

  async function fetchOptions(box, form) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const answer = await fetch(box.dataset.passkeyOptions, { method: "POST", headers });
    if (!answer.ok) throw new Error("refused");
    return readOptions((await answer.json()).publicKey);
  }

  async function ask(box) {
    const form = box.closest("form");
    const tell = (sort) => {
      for (const one of box.querySelectorAll("[data-passkey-error]")) one.hidden = one.dataset.passkeyError !== sort;
    };
    tell("");
    let publicKey;
    try {
      publicKey = await fetchOptions(box, form);
    } catch {
      tell("failed");
      return;
    }
    try {
      const made = await navigator.credentials[box.dataset.passkeyHow]({ publicKey });
      box.querySelector(`[name="${box.dataset.passkeyField}"]`).value = JSON.stringify(writeAnswer(made));
      form.submit();
    } catch {
      tell("stopped");
    }
  }

  for (const box of document.querySelectorAll("[data-passkey-options]")) {
    box.hidden = false;
    box.querySelector("[data-passkey]").addEventListener("click", () => ask(box));
  }
  for (const one of document.querySelectorAll("[data-without-passkey]")) one.hidden = true;
})();
