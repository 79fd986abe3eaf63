// Draws <canvas data-chart data-table="id"> from the table behind it: the first column names the steps, cells
// with data-value are the series named by the heads with data-series. Colours are the theme's, read when drawn.
// With data-amounts="AED" the cells are money, else numbers of things.

const drawn = new Map();
const amount = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const exact = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function read(table) {
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const columns = heads.flatMap((head, at) => (head.dataset.series ? [{ at, label: head.textContent }] : []));
  return {
    labels: rows.map((row) => row.cells[0].dataset.short),
    series: columns.map(({ at, label }) => ({ label, data: rows.map((row) => Number(row.cells[at].dataset.value)) })),
  };
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return { now: value("--plot-1"), before: value("--plot-2"), grid: value("--plot-grid"), text: value("--quiet"), ink: value("--ink"), paper: value("--raised"), font: value("--font") };
}

function sets([now, before], { now: first, before: second }) {
  return [
    { ...now, type: "bar", backgroundColor: first, borderRadius: 4, maxBarThickness: 36, order: 2 },
    { ...before, type: "line", borderColor: second, backgroundColor: second, borderWidth: 2, borderDash: [5, 4], pointRadius: 0, pointHoverRadius: 4, cubicInterpolationMode: "monotone", order: 1 },
  ];
}

function options(theme, unit) {
  const rtl = document.documentElement.dir === "rtl";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ticks = { color: theme.text, font: { family: theme.font, size: 12 } };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: calm ? false : { duration: 180 },
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        rtl, textDirection: rtl ? "rtl" : "ltr", backgroundColor: theme.paper, titleColor: theme.ink, bodyColor: theme.ink, borderColor: theme.grid, borderWidth: 1, padding: 12,
        titleFont: { family: theme.font }, bodyFont: { family: theme.font },
        callbacks: { label: (item) => `${item.dataset.label}: ${unit ? `${exact.format(item.raw)} AED` : amount.format(item.raw)}` },
      },
    },
    scales: {
      x: { reverse: rtl, grid: { display: false }, border: { color: theme.grid }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 14 } },
      y: {
        position: rtl ? "right" : "left", beginAtZero: true, suggestedMax: unit ? 100 : 4, border: { display: false }, grid: { color: theme.grid },
        title: { display: Boolean(unit), text: unit, color: theme.text, font: { family: theme.font, size: 12 } },
        ticks: { ...ticks, maxTicksLimit: 6, precision: 0, callback: (value) => amount.format(value) },
      },
    },
  };
}

function draw(canvas) {
  drawn.get(canvas)?.destroy();
  const theme = colours();
  const { labels, series } = read(document.getElementById(canvas.dataset.table));
  drawn.set(canvas, new Chart(canvas, { data: { labels, datasets: sets(series, theme) }, options: options(theme, canvas.dataset.amounts) }));
}

const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);
addEventListener("themechange", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
