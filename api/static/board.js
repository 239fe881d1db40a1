// Open cases by stage and light. The table below it holds the same figures.
const colours = { red: "#b3261e", yellow: "#e0a100", green: "#2e8b57", none: "#8b99a8" };
for (const box of document.querySelectorAll("[data-chart]")) {
  const { rows, names } = JSON.parse(box.dataset.chart);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 16, top: 28, bottom: 4, containLabel: true },
    legend: { top: 0, itemWidth: 12, itemHeight: 12 },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row.title) },
    series: names.map(([code, name]) => ({
      name, type: "bar", stack: "all", barMaxWidth: 18, itemStyle: { color: colours[code] }, data: rows.map((row) => row.by_light[code]),
    })),
  });
  window.addEventListener("resize", () => chart.resize());
}
