// Sends what waits: records first, then the photos of those that were received. One sender at a time over all windows
// and the service worker. A record leaves the queue only for an answer that names it; everything else leaves it waiting.
(function (self) {
  "use strict";
  const store = self.wuzhaStore;
  const LOCK = "wuzha-phone-send";
  const BATCH = 50;
  // So small that a line of 1 KB a second carries one before the patience ends.
  const PIECE = 32 * 1024;
  const MOST_RESTARTS = 3;
  const LEASE_MS = 90 * 1000;
  const PATIENCE_MS = 60 * 1000;
  const SHORTEST_MS = 4 * 1000;
  const LONGEST_MS = 30 * 60 * 1000;
  const KEPT_RECEIPTS = 200;
  const PAGES = { state: "/phone/state/", records: "/phone/records/", evidence: "/evidence/" };

  class Stop extends Error {}

  // --- one sender at a time ---

  let running = null;
  let again = null;

  // Sends all there is to send. A call while a sending runs makes one more round afterwards, never a second sender.
  function send(options) {
    if (running) {
      again = Object.assign(again || {}, options);
      return running;
    }
    running = withLock(() => sendAll(options || {})).finally(() => { running = null; });
    running.then(() => {
      if (again) {
        const next = again;
        again = null;
        send(next);
      }
    }, () => {});
    return running;
  }

  function withLock(work) {
    return self.navigator.locks && self.navigator.locks.request ? self.navigator.locks.request(LOCK, work) : withLease(work);
  }

  // Where there are no Web Locks: a row that says who sends and until when. Who dies while sending is waited for.
  async function withLease(work) {
    const holder = String(Math.random()) + Date.now();
    if (!(await takeLease(holder))) return { busy: true };
    const renewing = setInterval(() => takeLease(holder).catch(() => {}), LEASE_MS / 3);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await store.change(["kept"], ([kept]) => {
        kept.get("lease").onsuccess = (event) => {
          const row = event.target.result;
          if (row && row.value.holder === holder) kept.delete("lease");
        };
      });
    }
  }

  function takeLease(holder) {
    return store.change(["kept"], ([kept], answer) => {
      kept.get("lease").onsuccess = (event) => {
        const lease = event.target.result && event.target.result.value;
        // A lease far in the future was written by a clock that has been put right since.
        const isFree = !lease || lease.holder === holder || lease.until < Date.now() || lease.until > Date.now() + 2 * LEASE_MS;
        if (isFree) kept.put({ name: "lease", value: { holder, until: Date.now() + LEASE_MS } });
        answer(isFree);
      };
    });
  }

  // --- what is sent ---

  async function sendAll(options) {
    const known = await store.recall("state");
    if (!known) return { idle: true };
    const user = known.user.id;
    if (!(await hasWork(user))) return { idle: true };
    if (isPaused(await store.recall("pause"), options)) return { paused: true, left: true };
    try {
      await checkUser(user);
      await sendRecords(user);
      await sendPhotos(user);
      await store.keep("pause", null);
      return { done: true };
    } catch (error) {
      if (!(error instanceof Stop)) await takePause(0);
      return { stopped: error.message, left: await hasWork(user) };
    }
  }

  // A pause of our own is cut short when there is news, such as a network; one that the server asked for only by a press.
  function isPaused(pause, options) {
    if (!pause || options.pressed || (options.force && !pause.asked)) return false;
    // One that begins in the future was written by a clock that has been put right since.
    return pause.from <= Date.now() && Date.now() < pause.until;
  }

  async function hasWork(user) {
    const records = await listWaiting(user);
    return records.length > 0 || (await listPhotos(user)).length > 0;
  }

  const listWaiting = async (user) => (await store.ofUser("records", user)).filter((row) => row.state === "waiting");

  async function listPhotos(user) {
    const waiting = (await store.ofUser("photos", user)).filter((row) => row.state === "waiting");
    const received = new Set((await store.ofUser("receipts", user)).map((row) => row.id));
    return waiting.filter((row) => received.has(row.record));
  }

  // The queue belongs to whoever made it: whose log-in would carry it is asked before anything leaves.
  async function checkUser(user) {
    const state = await fetchState();
    if (state.user.id !== user) throw new Stop("other-user");
  }

  async function sendRecords(user) {
    let size = BATCH;
    for (;;) {
      const rows = (await listWaiting(user)).slice(0, size);
      if (!rows.length) return;
      const body = JSON.stringify({ sent_at: new Date().toISOString(), user, records: rows.map((row) => row.wire) });
      const response = await post(PAGES.records, { method: "POST", body, headers: { "Content-Type": "application/json" } });
      if (response.status === 413 && size > 1) {
        size = Math.ceil(size / 4);
        continue;
      }
      if (!response.ok) await giveUp(response);
      const moved = await takeAnswers(user, rows, await response.json());
      if (!moved) {
        await takePause(0);
        throw new Stop("no-answer");
      }
      tell();
    }
  }

  // Each answer into the store, all in one transaction. Gives how many rows left the waiting line.
  async function takeAnswers(user, rows, told) {
    const sent = new Map(rows.map((row) => [row.id, row]));
    if (typeof told.clock_skew_s === "number") await store.keep("skew", told.clock_skew_s);
    return store.change(["records", "receipts"], ([records, receipts], answer) => {
      let moved = 0;
      for (const one of told.answers || []) {
        const row = sent.get(one.id);
        if (!row) continue;
        moved += 1;
        records.get(row.id).onsuccess = (event) => {
          const now = event.target.result;
          // Typed over while it was under way: what stands here now is not what was answered, so it waits on.
          const isSame = !now || now.revision === row.revision;
          if (isGood(one)) {
            receipts.put(makeReceipt(user, row, one, told.received_at));
            if (now && isSame) records.delete(row.id);
          } else if (now && isSame) records.put(Object.assign({}, now, { state: one.result, problems: one.problems, kept: one.kept, page: one.page }));
        };
      }
      answer(moved);
    });
  }

  const isGood = (answer) => ["saved", "known", "held"].includes(answer.result);

  function makeReceipt(user, row, answer, receivedAt) {
    return { id: row.id, user, wire: row.wire, title: row.title, unitName: row.unitName, result: answer.result, page: answer.page, received_at: receivedAt };
  }

  async function sendPhotos(user) {
    for (const photo of await listPhotos(user)) {
      const refusal = await sendPhoto(photo);
      await store.mend("photos", photo.id, (row) => (refusal
        ? Object.assign({}, row, { state: "refused", reason: refusal })
        : Object.assign({}, row, { state: "sent", bytes: null })));
      tell();
    }
    await forgetOld(user);
  }

  // In pieces, each on its own way: a cut line loses one of them at most. Gives a reason if the photo is refused.
  async function sendPhoto(photo) {
    let offset = await findOffset(photo);
    let restarts = 0;
    for (;;) {
      const response = await postPiece(photo, offset);
      const told = await response.json().catch(() => ({}));
      if (response.ok) {
        if (told.complete === true) return "";
        if (!(told.received > offset)) throw new Error("no progress");
        offset = told.received;
        // The line carries: the next cut is waited for as shortly as the first.
        if (await store.recall("pause")) await store.keep("pause", null);
        continue;
      }
      if (![400, 403, 404, 409, 413, 415, 422].includes(response.status)) await giveUp(response);
      const goesOn = readGoOn(told, photo);
      if (goesOn === null) return (told.problems || []).map((one) => one.text).join(" ") || String(response.status);
      restarts += 1;
      if (restarts > MOST_RESTARTS) throw new Error("no progress");
      offset = goesOn;
    }
  }

  // Where the server wants to go on; null where it refuses the photo. Neither is ever success.
  function readGoOn(told, photo) {
    const codes = (told.problems || []).map((one) => one.code);
    if (codes.includes("evidence.gap") && told.received >= 0 && told.received <= photo.size) return told.received;
    // What arrived is not what was sent, and the server has thrown it away.
    return codes.includes("evidence.hash-differs") ? 0 : null;
  }

  // How much the server has of a photo that was begun before: the line may have been cut after a piece and before its answer.
  async function findOffset(photo) {
    if (!photo.begun) {
      await store.mend("photos", photo.id, (row) => Object.assign({}, row, { begun: true }));
      return 0;
    }
    const response = await ask(`${PAGES.evidence}${photo.id}/`, { headers: { Accept: "application/json" } });
    if (response.status === 404) return 0;
    if (!response.ok || response.redirected) await giveUp(response);
    const told = await response.json();
    return told.received >= 0 && told.received <= photo.size ? told.received : 0;
  }

  function postPiece(photo, offset) {
    return post(`${PAGES.evidence}${photo.id}/`, {
      method: "PUT",
      body: photo.bytes.slice(offset, offset + PIECE),
      headers: {
        "Content-Type": photo.type,
        "X-Record": photo.record,
        "X-Size": String(photo.size),
        "X-Offset": String(offset),
        "X-SHA256": photo.sha256,
        "X-Name": encodeURIComponent(photo.name),
      },
    });
  }

  async function forgetOld(user) {
    const receipts = await store.ofUser("receipts", user);
    const old = receipts.slice(0, Math.max(0, receipts.length - KEPT_RECEIPTS)).map((row) => row.id);
    const open = new Set((await store.list("photos")).filter((row) => row.state === "waiting").map((row) => row.record));
    for (const id of old) if (!open.has(id)) await store.drop("receipts", id);
    const kept = new Set((await store.list("receipts")).map((row) => row.id));
    for (const photo of await store.list("photos")) if (photo.state === "sent" && !kept.has(photo.record)) await store.drop("photos", photo.id);
  }

  // --- talking to the server ---

  async function ask(address, options) {
    const control = self.AbortController ? new AbortController() : null;
    const timer = setTimeout(() => control && control.abort(), PATIENCE_MS);
    try {
      return await fetch(address, Object.assign({ credentials: "same-origin", cache: "no-store", signal: control ? control.signal : undefined }, options));
    } finally {
      clearTimeout(timer);
    }
  }

  // Sends with the token against forged requests; a stale one is fetched anew once.
  async function post(address, options) {
    let response = await ask(address, await sign(options));
    if (response.status === 403) {
      await fetchState();
      response = await ask(address, await sign(options));
    }
    return response;
  }

  async function sign(options) {
    const token = readCookie() || (await store.recall("csrf")) || "";
    return Object.assign({}, options, { headers: Object.assign({ "X-CSRFToken": token }, options.headers) });
  }

  function readCookie() {
    const found = self.document && /(?:^|; )csrftoken=([^;]+)/.exec(self.document.cookie);
    return found ? found[1] : "";
  }

  // What there is to do, whose log-in this is, and the server's clock. Kept for the next visit without a network.
  async function fetchState() {
    const response = await ask(PAGES.state, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) await giveUp(response);
    const state = await response.json();
    state.seen_at = new Date().toISOString();
    const before = await store.recall("state");
    await store.keep("state", state);
    await store.keep("session", "");
    const token = state.csrf_token || readCookie();
    if (token) await store.keep("csrf", token);
    if (before && before.user.id !== state.user.id) await store.keep("pause", null);
    return state;
  }

  async function giveUp(response) {
    if (response.status === 401 || response.redirected) {
      await store.keep("session", "ended");
      throw new Stop("log-in");
    }
    if (response.status === 409) {
      await fetchState();
      throw new Stop("other-user");
    }
    await takePause(readRetryAfter(response));
    throw new Stop(`status-${response.status}`);
  }

  function readRetryAfter(response) {
    const text = response.headers.get("Retry-After") || "";
    const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
    return wait > 0 ? Math.min(wait, 24 * 3600 * 1000) : 0;
  }

  // Twice as long each time, and never two phones in step; at least as long as the server asked for.
  async function takePause(atLeast) {
    const before = await store.recall("pause");
    const tries = (before ? before.tries : 0) + 1;
    const wait = Math.min(LONGEST_MS, SHORTEST_MS * Math.pow(2, tries - 1)) * (0.5 + Math.random());
    const from = Date.now();
    await store.keep("pause", { tries, from, until: from + Math.max(wait, atLeast), asked: atLeast > 0 });
  }

  // --- telling the windows ---

  const channel = self.BroadcastChannel ? new BroadcastChannel("wuzha-phone") : null;
  const listeners = [];

  function tell() {
    for (const listener of listeners) listener();
    if (channel) channel.postMessage("changed");
  }

  function listen(listener) {
    listeners.push(listener);
    if (channel) channel.onmessage = () => listeners.forEach((one) => one());
  }

  self.wuzhaSend = { send, fetchState, listen, tell, post, ask };
})(self);
