// Sends the article and shows its card while it is made. Without this file the forms post, and lead to the card.
import { again, begin, finish, tell } from "./arrival.js";
import { events } from "./events.js";

const id = (name) => document.getElementById(name);
const [arrival, before, cancel, progress, ready, trouble, example] = ["arrival", "before", "cancel", "progress", "ready", "trouble", "example"].map(id);
const buttons = document.querySelectorAll(".giving form button");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
// A field is told when it is whole: what is being written then is the next one.
const NEXT = { entities: "who it is about", topics: "market impact", impact: "overall sentiment", overall: "summary", abstain_because: "summary", summary: "analysis" };

let stopping = null; // ends the request in hand
let clock = 0;

function say(text) {
  if (progress.textContent !== text) progress.textContent = text;
}

function complain({ title, detail, loggedOut = false }) {
  trouble.querySelector("strong").textContent = title;
  trouble.querySelector("span").textContent = detail;
  trouble.querySelector("a").hidden = !loggedOut;
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
}

function order(form) {
  const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  if (form.classList.contains("by-address")) return { url: given.url };
  if (given.published_at) given.published_at += "Z";
  return { article: given };
}

async function problemOf(response) {
  if (response.status === 401) return { title: "Your session has ended.", detail: "What you wrote stays here: log in in another tab, and send it again.", loggedOut: true };
  const found = await response.json().catch(() => null);
  const wait = response.headers.get("retry-after");
  const later = wait ? ` Try again in ${wait} s.` : "";
  const { title, detail } = told(found ?? { title: `The service answered ${response.status}` });
  return { title, detail: `${detail}${later}` };
}

const told = ({ title, detail }) => ({ title: `${title}.`, detail: detail && detail !== title ? sentence(detail) : "" });

// An article that was pasted has an id that nobody knows; a name with a figure or a hyphen, as models have, stays as it is.
function sentence(text) {
  const known = text.replace(/^article-[0-9a-f]{12}: /, "");
  const begun = /^[a-z]+(?![\w-])/.test(known) ? known.charAt(0).toUpperCase() + known.slice(1) : known;
  return begun + (/[.!?]$/.test(begun) ? "" : ".");
}

function hear({ name, data }) {
  if (name === "field") {
    tell(data);
    say(data.field in NEXT ? `Being written: ${NEXT[data.field]}` : "The checks are running");
  } else if (name === "reask") {
    again();
    say(`The checks found ${data.problems.length === 1 ? "a fault" : `${data.problems.length} faults`}; the model is asked again`);
  } else if (name === "problem") {
    throw Object.assign(new Error(data.title), { problem: told(data) });
  } else if (name === "card") {
    arrive(data);
    return true;
  }
  return false;
}

function arrive(card) {
  finish(card);
  const verdict = card.status === "abstained" ? "There is no card: newscard abstained" : card.checks.passed ? "It passed every check that ran" : "Some of it isn't in the article, and is marked";
  progress.parentElement.hidden = true;
  ready.hidden = false; // before its text comes, so that the text is told
  ready.querySelector("strong").textContent = `${verdict}.`;
  ready.classList.toggle("attention", card.status === "abstained" || !card.checks.passed);
  const open = ready.querySelector("a");
  open.textContent = card.status === "abstained" ? "Open its page" : "Open the card";
  open.href = `/cards/${encodeURIComponent(card.id)}`;
  open.focus({ preventScroll: true });
}

function busy(is) {
  for (const button of buttons) button.disabled = is;
  cancel.hidden = !is;
  arrival.setAttribute("aria-busy", String(is));
}

async function send(form) {
  stopping?.abort();
  stopping = new AbortController();
  const { signal } = stopping;
  trouble.hidden = ready.hidden = before.hidden = true;
  progress.parentElement.hidden = false;
  begin(form.elements.title?.value.trim());
  arrival.hidden = false;
  busy(true);
  say("The article is being read");
  const since = Date.now();
  clock = setInterval(() => { progress.dataset.seconds = `${Math.round((Date.now() - since) / 1000)} s`; }, 1000);
  if (matchMedia("(max-width: 62rem)").matches) arrival.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "start" });
  try {
    const headers = { accept: "text/event-stream", "content-type": "application/json" };
    const response = await fetch("/v1/cards", { method: "POST", headers, body: JSON.stringify(order(form)), signal });
    if (!response.ok) throw Object.assign(new Error("refused"), { problem: await problemOf(response) });
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
      arrive(await response.json());
      return;
    }
    for await (const event of events(response)) if (hear(event)) return;
    throw new Error("cut off");
  } catch (error) {
    failed(error);
  } finally {
    clearInterval(clock);
    delete progress.dataset.seconds;
    if (stopping.signal === signal) busy(false);
  }
}

function failed(error) {
  if (error.name === "AbortError") {
    say("Cancelled: nothing was kept");
    return;
  }
  say("No card was made");
  arrival.hidden = true;
  before.hidden = false;
  complain(error.problem ?? { title: "The connection was lost.", detail: "The service may have stopped; send it again." });
}

for (const form of document.querySelectorAll(".giving form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
cancel.addEventListener("click", () => {
  stopping?.abort();
  busy(false); // or the button couldn't take the focus
  document.querySelector(".by-text button").focus();
});
example.hidden = false;
example.addEventListener("click", () => {
  const { title, text, source, published } = example.dataset;
  for (const [name, value] of Object.entries({ title, text, source, published_at: published })) id(name).value = value;
  id("title").focus();
});
