// What this phone keeps: records and photos that wait, receipts, and what the last visit knew. The page and its service
// worker share this file; a service worker of a five-year-old phone cannot import modules, so it is a plain script.
(function (self) {
  "use strict";
  const NAME = "wuzha-phone";
  const STORES = ["records", "photos", "receipts", "kept"];
  let opening = null;

  function open() {
    if (!opening) {
      opening = connect();
      opening.catch(() => { opening = null; });
    }
    return opening;
  }

  function connect() {
    return new Promise((resolve, reject) => {
      if (!self.indexedDB) return reject(new Error("no IndexedDB"));
      // Safari 14 answers the first opening of a visit only after it was asked for the list of databases.
      if (self.indexedDB.databases) self.indexedDB.databases().catch(() => {});
      const request = self.indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        for (const name of STORES) request.result.createObjectStore(name, { keyPath: name === "kept" ? "name" : "id" });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => { database.close(); opening = null; };
        database.onclose = () => { opening = null; };
        resolve(database);
      };
    });
  }

  // One transaction: what `work` does with the stores is kept as a whole or not at all. Gives what `work` gave.
  async function change(names, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, "readwrite");
      const result = { value: undefined };
      transaction.oncomplete = () => resolve(result.value);
      transaction.onerror = transaction.onabort = () => reject(transaction.error || new Error("not kept"));
      work(names.map((name) => transaction.objectStore(name)), (value) => { result.value = value; });
    });
  }

  async function ask(name, question) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const request = question(database.transaction([name], "readonly").objectStore(name));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  const read = (name, key) => ask(name, (store) => store.get(key));
  const list = (name) => ask(name, (store) => store.getAll());
  const put = (name, value) => change([name], ([store]) => { store.put(value); });
  const drop = (name, key) => change([name], ([store]) => { store.delete(key); });

  async function recall(name) {
    const row = await read("kept", name);
    return row ? row.value : null;
  }
  const keep = (name, value) => put("kept", { name, value });

  // Changes one row if it is still there; `mend` gets the row and gives what to keep.
  const mend = (name, key, mender) => change([name], ([store], answer) => {
    store.get(key).onsuccess = (event) => {
      const row = event.target.result;
      if (!row) return;
      const mended = mender(row);
      if (mended) store.put(mended);
      answer(mended);
    };
  });

  const ofUser = async (name, user) => (await list(name)).filter((row) => row.user === user).sort(byId);
  const byId = (one, other) => (one.id < other.id ? -1 : 1);

  self.wuzhaStore = { open, change, read, list, put, drop, recall, keep, mend, ofUser };
})(self);
