// A checklist on a tablet: each answer is kept on the device as it is given, sent while there is a connection,
// and sent again until the portal has it. Why it is done like this: docs/decisions/0022.
//
// Each answer or note that waits is one entry of localStorage under the person who typed it and the checklist.
// Sending one twice keeps it once: the entry's own id says which it is.

const page = document.getElementById("checklist");
const { person, checklist, sync: address, worker, over } = page.dataset;
const OPEN = page.dataset.open === "yes";
const OWN = `checklist:${person}:${checklist}:`;
const STANDING = `checklist-standing:${person}:${checklist}`;
const DRAFT = `checklist-draft:${person}:${checklist}`;
const PAGES = "checklist-pages-1";
const SOON = 700;
const AFTER_TYPING = 3000;
const SLOWEST = 60_000;
const OFFLINE = "no connection";
const SIGNED_OUT = "signed out";
const FULL = "This device cannot keep answers: save them with the buttons on this page.";

const bar = page.querySelector("[data-bar]");
const status = page.querySelector("[data-status]");
const signIn = page.querySelector("[data-signin]");
const count = document.querySelector("[data-count]");
const noteForm = page.querySelector("[data-note]");
const noteList = page.querySelector("[data-notes]");
const items = new Map([...page.querySelectorAll("[data-item]")].map((each) => [each.dataset.item, each]));

let token = page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
let timer = 0;
let tries = 0;
let sending = false;
let trouble = "";
let saved = "";
let isStale = !navigator.onLine;
let isPlain = true;
let clashes = 0;

// What waits on this device ----------------------------------------------------------------------------------

function waiting() {
  const keys = Object.keys(localStorage).filter((each) => each.startsWith(OWN));
  return keys.map((each) => JSON.parse(localStorage.getItem(each))).sort((a, b) => a.order - b.order);
}

function put(entry) {
  keep(`${OWN}${entry.client_id}`, entry);
}

// Where the device keeps nothing, or nothing more, the page is the plain form that it is without a script.
function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    plain(true);
    trouble = FULL;
    return false;
  }
}

function plain(is) {
  isPlain = is;
  for (const each of page.querySelectorAll("[data-plain]")) each.hidden = !is;
}

function drop(entry) {
  localStorage.removeItem(`${OWN}${entry.client_id}`);
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Later than whatever waits, also where the device's clock was set back meanwhile.
function next() {
  return Math.max(Date.now(), ...waiting().map((each) => each.order + 1));
}

// What is typed ----------------------------------------------------------------------------------------------

const verdictOf = (box) => box.querySelector("input[type=radio]:checked")?.value ?? "";
const noteOf = (box) => box.querySelector("textarea[name^=note-]");
const whyOf = (box) => box.querySelector("textarea[name^=why-]");
const stateOf = (box) => box.querySelector("[data-state]");

// What is typed further takes the place of an entry that waits, in sight of what that one had seen. One that was
// sent may have arrived, whatever became of the reply: it stays, and the new one is in sight of it.
function answer(box, wait = SOON) {
  const item = box.dataset.item;
  const last = waiting().filter((each) => each.item === item).pop();
  const before = last && !last.sent ? last : undefined;
  const verdict = verdictOf(box);
  const note = noteOf(box).value;
  if (!verdict && !note.trim()) {
    if (before) drop(before);
    return show();
  }
  const entry = {
    kind: "answer",
    client_id: newId(),
    item,
    verdict,
    note,
    identifies_nobody: whyOf(box).value,
    seen: before ? before.seen : last ? last.client_id : box.dataset.seen,
    typed_at: new Date().toISOString(),
    order: next(),
    errors: verdict ? [] : ["Choose one of the answers: until then the note is kept on this device alone."],
    asks_why: false,
    held: !verdict,
  };
  put(entry);
  if (before) drop(before);
  paint(entry);
  show();
  soon(wait);
}

for (const box of items.values()) {
  if (!OPEN) continue;
  box.addEventListener("change", (event) => {
    if (event.target.type === "radio") answer(box);
    else if (event.target === noteOf(box)) soon();
  });
  box.addEventListener("input", (event) => {
    if (event.target === noteOf(box)) answer(box, AFTER_TYPING);
  });
  box.querySelector("[data-confirm]").addEventListener("click", () => answer(box));
}

function see(box, id) {
  box.dataset.seen = id;
  box.querySelector("input[name^=seen-]").value = id;
}

noteForm?.addEventListener("submit", (event) => {
  if (isPlain) return;
  event.preventDefault();
  const said = new FormData(noteForm);
  const entry = {
    kind: "note",
    client_id: newId(),
    note_kind: said.get("kind") ?? "",
    role: said.get("role") ?? "",
    text: said.get("text") ?? "",
    visit: said.get("visit") ?? "",
    identifies_nobody: "",
    typed_at: new Date().toISOString(),
    order: next(),
    errors: [],
    asks_why: false,
    held: false,
  };
  if (!entry.text.trim()) return noteForm.elements.text.focus();
  put(entry);
  noteForm.elements.text.value = "";
  localStorage.removeItem(DRAFT);
  show();
  soon(0);
});

noteForm?.addEventListener("input", () => keep(DRAFT, noteForm.elements.text.value));

// What is shown ----------------------------------------------------------------------------------------------

const line = (text, name = "desk-detail") => {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
};

function paint(entry) {
  const box = items.get(entry.item);
  if (!box) return;
  const chosen = box.querySelector(`input[value="${CSS.escape(entry.verdict)}"]`);
  if (chosen) chosen.checked = true;
  if (noteOf(box).value !== entry.note) noteOf(box).value = entry.note;
  if (entry.identifies_nobody && !whyOf(box).value) whyOf(box).value = entry.identifies_nobody;
  blame(box, entry.errors, entry.asks_why);
}

function blame(box, errors, asksWhy) {
  box.classList.toggle("check-item-wrong", errors.length > 0);
  const place = box.querySelector("[data-errors]");
  const told = errors.join("\n");
  if (place.innerText.trim() !== told) place.replaceChildren(...errors.map((each) => line(each, "check-error")));
  const why = box.querySelector("[data-why]");
  why.hidden = !asksWhy && !whyOf(box).value;
  box.querySelector("[data-confirm]").hidden = why.hidden;
}

// How the checklist stands with the portal. What waits here, or is just being written, is left alone.
function standing(told) {
  let answered = 0;
  clashes = Object.values(told.items).filter((each) => each.unseen.length).length;
  const held = new Set(waiting().map((each) => each.item));
  for (const [item, { holding, unseen }] of Object.entries(told.items)) {
    const box = items.get(item);
    if (holding) answered += 1;
    if (!box) continue;
    box.querySelector("[data-unseen]").replaceChildren(...unseen.map(meanwhile));
    if (!holding) continue;
    stateOf(box).textContent = `${holding.by}, ${holding.at}`;
    const finding = box.querySelector("[data-finding]");
    if (finding) finding.hidden = ["not_seen", "not_applicable"].includes(holding.verdict);
    const isWriting = document.activeElement === noteOf(box) && holding.id !== box.dataset.seen;
    if (held.has(item) || isWriting) continue;
    see(box, holding.id);
    for (const each of box.querySelectorAll("input[type=radio]")) each.checked = each.value === holding.verdict;
    if (noteOf(box).value.trim() !== holding.note) noteOf(box).value = holding.note;
  }
  if (count) count.textContent = String(answered);
}

function meanwhile(each) {
  const text =
    `Changed meanwhile. ${each.by} also answered “${each.label}” without having seen the answer above, ` +
    `${each.at}. ${each.note ? `${each.note} ` : ""}Both are kept; answer again to settle it.`;
  return line(text, "check-unseen");
}

// Hear what the portal says, and keep it for a page that is opened without a connection.
function hear(told) {
  token = told.token;
  saved = told.time;
  isStale = false;
  trouble = "";
  standing(told);
  keep(STANDING, { drawn: told.drawn, items: told.items });
  if (told.over && !waiting().length) clear();
}

function counted(entries) {
  const answers = entries.filter((each) => each.kind === "answer").length;
  const written = entries.length - answers;
  const told = [];
  if (answers) told.push(`${answers} answer${answers === 1 ? "" : "s"}`);
  if (written) told.push(`${written} note${written === 1 ? "" : "s"}`);
  return `${told.join(" and ")} ${entries.length === 1 ? "waits" : "wait"}`;
}

function words(entries) {
  const isOffline = !navigator.onLine || trouble === OFFLINE;
  const ready = entries.filter((each) => !each.held);
  if (isOffline && ready.length) return `${counted(ready)} for a connection. Kept on this device.`;
  if (isOffline) return "No connection. What you type is kept on this device.";
  if (trouble === SIGNED_OUT && ready.length) return `${counted(ready)} on this device: sign in again to send.`;
  if (trouble === SIGNED_OUT) return "You were signed out: sign in again.";
  if (trouble) return ready.length ? `${trouble} ${counted(ready)} on this device.` : trouble;
  if (ready.length) return "Saving …";
  if (entries.length) return "";
  return saved ? `Saved ${saved}.` : "Each answer is saved as you give it.";
}

function show() {
  const entries = waiting();
  const wrong = entries.filter((each) => each.held).length;
  const attention = wrong ? ` ${wrong} cannot be saved as ${wrong === 1 ? "it stands" : "they stand"}: see below.` : "";
  const clash = clashes === 1 ? " 1 item was answered by two people." : ` ${clashes} items were answered by two people.`;
  const told = (words(entries) + attention + (clashes ? clash : "")).trim();
  if (status.textContent !== told) status.textContent = told;
  bar.classList.toggle("check-bar-waits", entries.length > 0 || clashes > 0 || trouble !== "");
  signIn.hidden = trouble !== SIGNED_OUT;
  for (const entry of entries) {
    const box = items.get(entry.item);
    if (box) stateOf(box).textContent = entry.held ? "Not saved yet" : "Waits on this device";
  }
  notes(entries.filter((each) => each.kind === "note" || !items.has(each.item)));
}

function notes(entries) {
  const isWriting = document.activeElement.tagName === "TEXTAREA" && noteList?.contains(document.activeElement);
  if (!noteList || isWriting) return;
  noteList.replaceChildren(...entries.map(waitingNote));
}

function waitingNote(entry) {
  const row = document.createElement("li");
  const text = entry.text ?? entry.note; // also an answer to an item that is not asked about any more
  row.append(line("Note, waits on this device", "check-label"), line(text, "desk-quote"));
  row.append(...entry.errors.map((each) => line(each, "check-error")));
  if (!entry.errors.length) return row;
  if (entry.asks_why) {
    const label = document.createElement("label");
    const why = document.createElement("textarea");
    label.className = "check-label";
    label.textContent = "This identifies nobody because …";
    why.id = `why-note-${entry.client_id}`;
    label.htmlFor = why.id;
    why.rows = 2;
    why.value = entry.identifies_nobody;
    const confirmed = button("Save with this reason", () => {
      put({ ...entry, identifies_nobody: why.value, errors: [], held: false });
      show();
      soon(0);
    });
    row.append(label, why, confirmed);
  }
  row.append(
    button("Write it anew", () => {
      noteForm.elements.text.value = text;
      drop(entry);
      show();
      noteForm.elements.text.focus();
    }),
  );
  return row;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "desk-button desk-button-quiet";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

// Sending ----------------------------------------------------------------------------------------------------

function soon(wait = SOON) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

function again() {
  tries += 1;
  soon(Math.min(SLOWEST, 1000 * 2 ** tries));
}

async function ask(body) {
  const headers = { Accept: "application/json" };
  if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
  return fetch(address, {
    method: body ? "POST" : "GET",
    headers,
    body: body && JSON.stringify(body),
    redirect: "manual",
    credentials: "same-origin",
    cache: "no-store",
  });
}

// How it stands, and a token that fits the session that there is now. Whether this person may go on.
async function look() {
  const reply = await ask();
  if (reply.type === "opaqueredirect") return refuse(SIGNED_OUT);
  if (!reply.ok) return refuse("The checklist cannot be reached.");
  const told = await reply.json();
  if (String(told.person) !== person) return refuse("Somebody else is signed in on this device.");
  hear(told);
  return true;
}

function refuse(why) {
  trouble = why;
  return false;
}

async function send() {
  if (sending) return soon();
  const ready = waiting().filter((each) => !each.held).slice(0, 50);
  if (!navigator.onLine) {
    trouble = OFFLINE;
    return show();
  }
  if (!ready.length && !isStale) return show();
  sending = true;
  for (const each of ready) put({ ...each, sent: true });
  try {
    if (!ready.length) await look();
    else await deliver(ready);
  } catch {
    trouble = OFFLINE;
    again();
  } finally {
    sending = false;
    show();
  }
}

async function deliver(ready, isSecond = false) {
  const answers = ready.filter((each) => each.kind === "answer");
  const written = ready.filter((each) => each.kind === "note");
  const reply = await ask({
    person: Number(person),
    answers: answers.map(({ item, verdict, note, client_id, seen, typed_at, identifies_nobody }) => ({
      item, verdict, note, client_id, seen, typed_at, identifies_nobody,
    })),
    notes: written.map(({ note_kind, role, text, visit, client_id, typed_at, identifies_nobody }) => ({
      kind: note_kind, role, text, visit, client_id, typed_at, identifies_nobody,
    })),
  });
  if (reply.type === "opaqueredirect") {
    trouble = SIGNED_OUT;
    return;
  }
  const isJson = (reply.headers.get("Content-Type") ?? "").includes("json");
  if (reply.status === 403 && !isJson) {
    // A token of a session that ended: get one that fits and try once more.
    if (!isSecond && (await look())) return deliver(ready, true);
    return;
  }
  if (!reply.ok) {
    trouble = isJson ? (await reply.json()).refused : "The portal does not answer as it should.";
    if (reply.status >= 500) again();
    return;
  }
  const told = await reply.json();
  settle(answers, told.answers);
  settle(written, told.notes);
  tries = 0;
  hear(told);
  if (waiting().some((each) => !each.held)) soon();
}

function settle(entries, results) {
  entries.forEach((entry, place) => {
    const { kept, holds, errors, asks_why } = results[place];
    const box = items.get(entry.item);
    const later = waiting().filter((each) => each.item && each.item === entry.item && each.order > entry.order);
    if (kept) {
      drop(entry);
      if (!box || later.length) return;
      if (holds) see(box, entry.client_id);
      else noteOf(box).blur();
      whyOf(box).value = "";
      blame(box, [], false);
      return;
    }
    if (later.length) {
      // It was typed over since: what is wrong with it is of no more interest.
      put({ ...later[0], seen: entry.seen });
      drop(entry);
      return;
    }
    put({ ...entry, errors, asks_why, held: true, sent: false });
    if (box) blame(box, errors, asks_why);
  });
}

// What stays on the device -----------------------------------------------------------------------------------

// The page and what it is drawn with, so that it opens without a connection.
async function keepPage() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  if (over === "yes" && !waiting().length) return clear();
  await navigator.serviceWorker.register(worker, { scope: location.pathname });
  if (!navigator.onLine) return;
  const drawn = [...document.querySelectorAll("link[href], script[src]")].map((each) => each.href ?? each.src);
  const loaded = performance.getEntriesByType("resource").map((each) => each.name);
  const wanted = [...drawn, ...loaded].filter((each) => each.startsWith(`${location.origin}/static/`));
  const kept = await caches.open(PAGES);
  const shown = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
  if (shown.ok) await kept.put(location.pathname, shown);
  await Promise.all([...new Set(wanted)].map(async (each) => {
    const got = await fetch(each);
    if (got.ok) await kept.put(each, got);
  }));
  page.dataset.kept = "yes";
}

// Once the inspection is over and nothing waits, nothing of it stays.
async function clear() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const all = await navigator.serviceWorker.getRegistrations();
  await Promise.all(all.filter((each) => each.scope === location.href.split(/[?#]/)[0]).map((each) => each.unregister()));
  const kept = await caches.open(PAGES);
  await kept.delete(location.pathname);
  localStorage.removeItem(STANDING);
  localStorage.removeItem(DRAFT);
}

// Where there is no script the page is a plain form; with one there is nothing to press.
plain(false);
bar.hidden = false;
page.querySelector("[data-answers]").addEventListener("submit", (event) => {
  if (isPlain) return;
  event.preventDefault();
  soon(0);
});
const stood = JSON.parse(localStorage.getItem(STANDING) ?? "null");
if (stood && stood.drawn > Number(page.dataset.drawn)) {
  isStale = true;
  standing(stood);
}
for (const entry of waiting()) if (entry.kind === "answer") paint(entry);
if (noteForm && !noteForm.elements.text.value) noteForm.elements.text.value = JSON.parse(localStorage.getItem(DRAFT) ?? '""');
addEventListener("online", () => {
  trouble = "";
  tries = 0;
  isStale = true;
  show();
  soon(0);
});
addEventListener("offline", show);
addEventListener("storage", show);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && trouble) soon(0);
});
addEventListener("focus", () => trouble === SIGNED_OUT && soon(0));
show();
soon(0);
keepPage().catch(() => undefined);
