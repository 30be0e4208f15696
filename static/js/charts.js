// Charts from the JSON that stands beside their tables (templates/dashboards/_figure.html), and the slider over years.
// Without this file, or without ECharts, the tables and links are there.

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif';
const NUMBER = /^-?\d+(\.\d+)?$/;
// Where decimal text is a number; elsewhere it is a name.
const NUMERIC = new Set(["series", "max", "min", "yAxis", "xAxis"]);
const charts = new Map();

function revive(value, key, numeric) {
  if (typeof value === "string") return numeric && key !== "name" && NUMBER.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map((each) => revive(each, key, numeric));
  if (value && typeof value === "object") {
    const isAxis = value.type === "category";
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        isAxis && name === "data" ? each : revive(each, name, numeric || NUMERIC.has(name)),
      ]),
    );
  }
  return value;
}

function optionOf(figure) {
  const stored = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  return {
    animation: !STILL.matches,
    textStyle: { fontFamily: FONT },
    aria: { enabled: true, decal: { show: true } },
    ...revive(stored, "", false),
    // Rich text is drawn; HTML would need styles that the policy of this site forbids.
    tooltip: { confine: true, ...stored.tooltip, renderMode: "richText" },
  };
}

function draw(figure) {
  if (charts.has(figure)) return;
  const canvas = figure.querySelector("[data-chart-canvas]");
  const option = optionOf(figure);
  canvas.hidden = false;
  figure.querySelector("[data-chart-table]").hidden = true;
  figure.querySelector("[data-chart-tools]").hidden = false;
  if (option.series?.some((each) => each.type === "radar" || each.type === "sankey" || each.type === "boxplot")) {
    canvas.classList.add("is-tall");
  }
  const chart = window.echarts.init(canvas, null, { renderer: "svg" });
  chart.setOption(option);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${figure.dataset.title}（图），按“表”可看同样的数据`);
  charts.set(figure, { chart, option });
}

function show(figure, what) {
  figure.querySelector("[data-chart-canvas]").hidden = what !== "chart";
  figure.querySelector("[data-chart-table]").hidden = what === "chart";
  for (const button of figure.querySelectorAll("[data-chart-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.chartShow === what));
  }
  if (what === "chart") charts.get(figure)?.chart.resize();
}

// A picture says by itself what it shows, of when and from where.
function save(figure, kind) {
  const { option } = charts.get(figure);
  const holder = document.createElement("div");
  const size = { width: 1200, height: 720 };
  const picture = window.echarts.init(holder, null, { renderer: kind === "svg" ? "svg" : "canvas", ...size });
  const lift = (place) => ({ ...place, top: 96, bottom: 88 });
  picture.setOption({
    ...option,
    animation: false,
    backgroundColor: "#fff",
    title: { text: figure.dataset.title, left: 24, top: 16, textStyle: { fontSize: 22 } },
    legend: option.legend && { ...option.legend, top: 56 },
    grid: option.grid && lift(option.grid),
    series: option.series.map((each) => (each.type === "sankey" ? lift(each) : each)),
    graphic: [
      {
        type: "text",
        left: 24,
        bottom: 16,
        style: { text: figure.dataset.source, width: 1150, overflow: "breakAll", fontSize: 13, fill: "#55606d" },
      },
    ],
  });
  const url = picture.getDataURL({ type: kind, pixelRatio: 2, backgroundColor: "#fff" });
  const link = document.createElement("a");
  link.href = url;
  link.download = `${figure.dataset.title}.${kind}`;
  link.click();
  picture.dispose();
}

function begin(root) {
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
  for (const nav of root.querySelectorAll("[data-years]")) slide(nav);
  if (!window.echarts) return;
  for (const figure of root.querySelectorAll("[data-chart]")) draw(figure);
}

// The slider: a range over the years' links.
function slide(nav) {
  const links = [...nav.querySelectorAll("a")];
  if (links.length < 2 || nav.querySelector("input")) return;
  const label = document.createElement("label");
  label.className = "board-years-slider";
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = "数据年度";
  const range = document.createElement("input");
  Object.assign(range, { type: "range", min: 0, max: links.length - 1, step: 1 });
  range.value = Math.max(0, links.findIndex((link) => link.hasAttribute("aria-current")));
  const output = document.createElement("output");
  const say = () => {
    output.textContent = links[range.value].textContent;
    range.setAttribute("aria-valuetext", output.textContent);
  };
  say();
  range.addEventListener("input", say);
  range.addEventListener("change", () => load(links[range.value].href, true));
  label.append(words, range, output);
  nav.append(label);
}

async function load(url, isNew) {
  const board = document.querySelector("[data-board]");
  board.classList.add("is-loading");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-board]");
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    const hadFocus = board.querySelector("input[type=range]") === document.activeElement;
    for (const [figure, { chart }] of charts) {
      if (board.contains(figure)) {
        chart.dispose();
        charts.delete(figure);
      }
    }
    board.replaceWith(fresh);
    if (isNew) window.history.pushState({ board: true }, "", url);
    begin(fresh);
    if (hadFocus) fresh.querySelector("input[type=range]")?.focus();
  } catch {
    window.location.assign(url);
  }
}

window.addEventListener("popstate", () => {
  if (document.querySelector("[data-board]")) load(window.location.href, false);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-show], [data-chart-save], [data-print]");
  if (!button) return;
  if (button.hasAttribute("data-print")) {
    window.print();
    return;
  }
  const figure = button.closest("[data-chart]");
  if (button.dataset.chartShow) show(figure, button.dataset.chartShow);
  else save(figure, button.dataset.chartSave);
});

window.addEventListener("resize", () => {
  for (const { chart } of charts.values()) chart.resize();
});

begin(document);
