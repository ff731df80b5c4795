// A claim on the card leads to the words of the article that carry it: they are marked, brought into view and told to screen readers.
// Without this file the links still lead there.
const panel = document.getElementById("article");
const bar = panel.querySelector(".shown");
const [prefix, told] = [".prefix", ".found"].map((name) => bar.querySelector(name));
const scroller = panel.querySelector(".source");
const [previous, next, done] = ["previous", "next", "done"].map((name) => bar.querySelector(`.${name}`));
const segments = [...panel.querySelectorAll(".span")].map((element) => ({ element, numbers: element.dataset.spans.split(" ") }));
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const beside = matchMedia("(min-width: 68rem)");

let from = null; // the link that was chosen
let places = []; // the numbers of its spans
let at = 0;

const spansOf = (link) => link.dataset.spans?.split(" ") ?? [link.hash.replace("#quote-1-", "")];
const of = (number) => segments.filter((segment) => segment.numbers.includes(number)).map((segment) => segment.element);
const words = (number) => of(number).map((element) => element.textContent).join("");
const short = (text) => (text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text);

function clear() {
  for (const { element } of segments) element.classList.remove("on", "now");
  document.querySelector("[aria-current=true]")?.removeAttribute("aria-current");
}

function bringIntoView(element) {
  const behavior = calm.matches ? "auto" : "smooth";
  if (beside.matches) {
    const middle = element.offsetTop - scroller.clientHeight / 3;
    scroller.scrollTo({ top: middle, behavior });
    if (panel.getBoundingClientRect().bottom < 80) panel.scrollIntoView({ behavior, block: "nearest" });
  } else {
    element.scrollIntoView({ behavior, block: "center" });
  }
}

function show() {
  const found = of(places[at]);
  if (!found.length) return;
  for (const number of places) for (const element of of(number)) element.classList.add("on");
  for (const { element } of segments) element.classList.toggle("now", places.length > 1 && found.includes(element));
  const many = places.length > 1 ? ` (${at + 1} of ${places.length})` : "";
  prefix.textContent = "In the article:";
  told.textContent = `“${short(words(places[at]))}”${many}`;
  bar.hidden = false;
  previous.hidden = next.hidden = places.length < 2;
  bringIntoView(found[0]);
}

function choose(link) {
  clear();
  from = link;
  places = spansOf(link);
  at = 0;
  link.setAttribute("aria-current", "true");
  history.replaceState(null, "", link.hash);
  show();
  if (!beside.matches) done.focus({ preventScroll: true });
}

function step(by) {
  at = (at + by + places.length) % places.length;
  show();
}

function goBack() {
  const link = from;
  clear();
  bar.hidden = true;
  history.replaceState(null, "", location.pathname + location.search);
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: beside.matches ? "nearest" : "center", behavior: calm.matches ? "auto" : "smooth" });
}

document.getElementById("card").addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#quote-1-"]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  choose(link);
});
previous.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
done.addEventListener("click", goBack);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !bar.hidden) goBack();
});

const asked = [...document.querySelectorAll('#card a[href^="#quote-1-"]')].find((link) => link.hash === location.hash);
if (asked) choose(asked);
