// The service worker of the phone page. Its head (version and files) is written by the server before these lines.
// One version is one cache: it is filled as a whole or not at all, and an open page keeps the version it began with.
"use strict";

const CACHE = `wuzha-phone-${self.WUZHA.version}`;
const SHELL = "/phone/";

self.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

async function fill() {
  const cache = await caches.open(CACHE);
  // The version stands in the address of all but the shell: what the page has just loaded need not come twice.
  await cache.addAll(self.WUZHA.files.map((file) => new Request(file, { cache: file === SHELL ? "reload" : "default" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(forget().then(() => self.clients.claim()));
});

async function forget() {
  for (const name of await caches.keys()) {
    if (name.startsWith("wuzha-phone-") && name !== CACHE) await caches.delete(name);
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "update") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === SHELL) event.respondWith(answer(SHELL, event.request));
  else if (self.WUZHA.files.includes(address.pathname) && address.pathname !== SHELL) event.respondWith(answer(address.pathname, event.request));
});

async function answer(file, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) || fetch(request);
}

// Where the browser has it: what waits goes out when the network is back, even with the page closed.
self.addEventListener("sync", (event) => {
  if (event.tag === "wuzha-send") event.waitUntil(sendLater(event.lastChance));
});

async function sendLater(isLast) {
  const outcome = await self.wuzhaSend.send({ force: true });
  // Failing asks the browser to come back later; at its last chance the page takes over when it is opened.
  if (outcome && outcome.left && !isLast && outcome.stopped !== "log-in" && outcome.stopped !== "other-user") throw new Error("still waiting");
}
