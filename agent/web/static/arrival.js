// The card as it arrives: each field of the draft as soon as it is told, and at last the checked card's. Everything is set as text.
const root = document.getElementById("draft");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const SIGNS = { "strongly negative": "▼▼", negative: "▼", neutral: "●", positive: "▲", "strongly positive": "▲▲" };

function made(tag, text = "", kind = "") {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

function appear(element) {
  if (element.hidden) element.classList.add("fresh");
  element.hidden = false;
}

function list(name, items) {
  const element = part(name);
  element.replaceChildren(...items.map((item) => made("li", item)));
  if (items.length) appear(element);
  else element.hidden = true;
}

function feeling(label) {
  const element = made("p", "", `feeling ${label.replace(" ", "-")}`);
  const sign = made("span", SIGNS[label] ?? "", "sign");
  sign.setAttribute("aria-hidden", "true");
  element.append(sign, " ", made("strong", label));
  return element;
}

function row(title, label, reason, kind) {
  const item = made("li", "", kind);
  const words = made("div");
  words.append(made("h4", title), made("p", reason));
  item.append(feeling(label), words);
  return item;
}

function levelOf(level) {
  const element = made("dd", "", "level");
  const dots = made("span", "●".repeat(level) + "○".repeat(4 - level), "dots");
  dots.setAttribute("aria-hidden", "true");
  element.append(dots, ` ${level} of 4`);
  return element;
}

// Fields of the draft, by name. `index`: of which entity.
const FIELDS = {
  entities(value, index) {
    const rows = part("sentiment").querySelector("ul");
    const item = row(value.name, value.sentiment, value.reason, "entity fresh");
    const before = rows.querySelectorAll(".entity")[index];
    if (before) before.replaceWith(item);
    else rows.append(item);
    appear(part("sentiment"));
  },
  topics: (value) => list("topics", value),
  impact(value) {
    const rows = Object.entries(value).map(([name, { level, reason }]) => {
      const line = made("div");
      line.append(made("dt", name), levelOf(level), made("dd", reason));
      return line;
    });
    part("ratings").querySelector("dl").replaceChildren(...rows);
    appear(part("ratings"));
  },
  overall({ label, reason }) {
    const rows = part("sentiment").querySelector("ul");
    rows.querySelector(".overall")?.remove();
    rows.prepend(row("Overall", label, reason, "overall fresh"));
    appear(part("sentiment"));
  },
  abstain_because(value) {
    const element = part("abstained");
    element.textContent = value ? `No card: ${value}` : "";
    element.hidden = !value;
  },
  summary(value) {
    const element = part("summary");
    element.textContent = value;
    if (value) appear(element);
  },
  analysis(value) {
    const element = part("analysis");
    element.querySelector("p").textContent = value;
    if (value) appear(element);
  },
};

export function begin(title) {
  root.querySelector(".headline").textContent = title || "The card";
  for (const element of root.querySelectorAll("[data-part]")) element.hidden = true;
  for (const element of root.querySelectorAll("ul, dl")) element.replaceChildren();
  root.classList.remove("checked");
}

export function tell({ field, value, index }) {
  FIELDS[field]?.(value, index);
}

export function again() {
  part("sentiment").querySelector("ul").replaceChildren();
}

// The card itself, after the checks: what they left off is gone now.
export function finish(card) {
  begin(card.title);
  root.classList.add("checked");
  if (card.market_impact !== null) {
    const impact = part("impact");
    impact.querySelector(".bar-fill").setAttribute("width", String(Math.round(card.market_impact * 100)));
    impact.querySelector("strong").textContent = card.market_impact.toFixed(2);
    const word = impact.querySelector(".impact-word");
    word.textContent = JSON.parse(word.dataset.words).find(([limit]) => card.market_impact < limit)[1];
    appear(impact);
  }
  list("tickers", card.tickers);
  list("topics", card.topics);
  if (card.status === "abstained") {
    FIELDS.abstain_because(card.abstained_because ?? "no reason was given");
    return;
  }
  FIELDS.summary(card.summary);
  FIELDS.analysis(card.analysis);
  if (card.sentiment) FIELDS.overall(card.sentiment);
  card.entities.forEach((entity, index) => {
    FIELDS.entities({ name: entity.name, sentiment: entity.sentiment.label, reason: entity.sentiment.reason }, index);
  });
  FIELDS.impact(card.impact);
}
