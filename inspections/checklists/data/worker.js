// Shows a checklist without a connection: the page as it was last, and the scripts and styles that it needs.
// It keeps nothing else and sends nothing. Cleared by the page at sign-out (docs/decisions/0022).

const KEPT = "checklist-pages-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && pathname === new URL(self.registration.scope).pathname;
  const isAsset = ["style", "script", "font", "image"].includes(request.destination);
  if (isPage || isAsset) event.respondWith(answer(request, isPage ? pathname : request.url));
});

async function answer(request, key) {
  if (navigator.onLine) {
    try {
      return await fetch(request);
    } catch {
      // No connection after all.
    }
  }
  const found = await (await caches.open(KEPT)).match(key, { ignoreSearch: true, ignoreVary: true });
  return found || Response.error();
}
