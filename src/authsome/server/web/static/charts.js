// Draws the charts from the data blocks of the page, in the colours of the style sheet.
// Tooltips are drawn on the canvas: ECharts' HTML ones would need inline styles, which the policy forbids.
(function () {
  "use strict";
  if (!window.echarts) return;

  var MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  var drawn = new Map();

  function paint() {
    var probe = document.createElement("i");
    probe.hidden = true;
    document.body.appendChild(probe);
    var colour = function (name) {
      probe.className = "ink-" + name;
      return getComputedStyle(probe).color;
    };
    var style = getComputedStyle(document.body);
    var found = {
      series: ["", colour("1"), colour("2"), colour("3"), colour("4")],
      text: colour("text"), muted: colour("muted"), rule: colour("rule"), page: colour("page"),
      font: style.fontFamily,
    };
    probe.remove();
    return found;
  }

  function dayName(iso, withYear) {
    var parts = iso.split("-");
    return Number(parts[2]) + " " + MONTHS[Number(parts[1]) - 1] + (withYear ? " " + parts[0] : "");
  }

  function number(value, unit) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (unit === "percent") return value >= 1 ? "100%" : Math.min(99.9, value * 100).toFixed(1) + "%";
    return value.toLocaleString("en");
  }

  function still() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function tip(ink) {
    return {
      renderMode: "richText", confine: true, padding: [8, 10], borderWidth: 1,
      backgroundColor: ink.page, borderColor: ink.rule, extraCssText: "",
      textStyle: { color: ink.text, fontSize: 12, lineHeight: 18, fontFamily: ink.font },
    };
  }

  function common(ink) {
    return {
      animation: !still(), animationDuration: 250,
      textStyle: { fontFamily: ink.font, color: ink.muted },
      aria: { enabled: false }, // the figure itself is named, and its table is beside it
    };
  }

  function yAxis(ink, axes, at) {
    var whole = axes.unit === "count";
    return {
      gridIndex: at, type: "value", min: 0, max: whole ? null : 1, minInterval: whole ? 1 : 0.5,
      splitNumber: axes.share > 2 ? 3 : 2,
      axisLine: { show: false }, axisTick: { show: false },
      splitLine: { lineStyle: { color: ink.rule, width: 1 } },
      axisLabel: {
        color: ink.muted, fontSize: 11, hideOverlap: true,
        formatter: function (value) { return whole ? number(value) : Math.round(value * 100) + "%"; },
      },
    };
  }

  function xAxis(ink, data, at, last, width) {
    var room = Math.max(2, Math.floor(width / 76));
    var every = Math.ceil(data.days.length / room);
    var end = data.days.length - 1;
    var shown = function (index) { return (end - index) % every === 0; };
    return {
      gridIndex: at, type: "category", data: data.days, boundaryGap: true,
      axisLine: { lineStyle: { color: ink.muted } },
      axisTick: { show: last, interval: shown, alignWithLabel: true, lineStyle: { color: ink.muted } },
      axisPointer: { show: true, type: "line", label: { show: false }, lineStyle: { color: ink.muted, type: "solid" } },
      axisLabel: {
        show: last, interval: shown, color: ink.muted, fontSize: 11,
        formatter: function (iso) { return dayName(iso, false); },
      },
    };
  }

  function series(ink, one, axes, at, data) {
    var colour = ink.series[one.ink];
    var drawnAs = {
      name: one.name, type: one.mark, data: one.values, xAxisIndex: at, yAxisIndex: at, color: colour,
      emphasis: { disabled: true },
    };
    if (one.mark === "bar") {
      drawnAs.stack = "axes-" + at;
      drawnAs.barMaxWidth = 14;
      drawnAs.barCategoryGap = data.days.length > 60 ? "15%" : "30%";
    } else {
      drawnAs.lineStyle = { width: 2, color: colour };
      drawnAs.connectNulls = axes.unit === "percent";
      drawnAs.symbol = "circle";
      drawnAs.symbolSize = axes.unit === "percent" ? 5 : 1;
      drawnAs.showSymbol = axes.unit === "percent" || data.days.length < 3;
      if (axes.unit === "count") drawnAs.areaStyle = { color: colour, opacity: 0.1 };
    }
    return drawnAs;
  }

  // The title names the series where there are several: the legend stands where it is needed.
  function heading(ink, axes, top) {
    var rich = {}, text = axes.title;
    axes.series.forEach(function (one, at) {
      if (axes.series.length < 2) return;
      rich["mark" + at] = { color: ink.series[one.ink], fontSize: 13 };
      rich.name = { color: ink.muted, fontSize: 12, fontWeight: 400 };
      text += "   {mark" + at + "|■}{name| " + one.name + "}";
    });
    return {
      text: text, left: 0, top: top, padding: 0,
      textStyle: { color: ink.text, fontSize: 12, fontWeight: 600, fontFamily: ink.font, lineHeight: 18, rich: rich },
    };
  }

  function timeOption(data, box) {
    var ink = paint();
    var option = common(ink);
    var shares = data.axes.reduce(function (sum, axes) { return sum + axes.share; }, 0);
    var foot = 24, room = box.clientHeight - foot - 30 - 42 * (data.axes.length - 1);
    var top = 0;
    option.grid = []; option.xAxis = []; option.yAxis = []; option.series = []; option.title = [];
    data.axes.forEach(function (axes, at) {
      var height = Math.floor((room * axes.share) / shares), head = at ? 42 : 30;
      option.title.push(heading(ink, axes, top + (at ? 14 : 2)));
      option.grid.push({ left: 40, right: 18, top: top + head, height: height, outerBoundsMode: "none" });
      option.xAxis.push(xAxis(ink, data, at, at === data.axes.length - 1, box.clientWidth - 58));
      option.yAxis.push(yAxis(ink, axes, at));
      axes.series.forEach(function (one) { option.series.push(series(ink, one, axes, at, data)); });
      top += head + height;
    });
    var units = data.axes.reduce(function (all, axes) {
      return all.concat(axes.series.map(function () { return axes.unit; }));
    }, []);
    option.axisPointer = { link: [{ xAxisIndex: "all" }] };
    option.tooltip = Object.assign(tip(ink), {
      trigger: "axis",
      formatter: function (points) {
        var lines = points.map(function (point) {
          return point.marker + " " + point.seriesName + "  " + number(point.value, units[point.seriesIndex]);
        });
        return (data.weekly ? "Seven days from " : "") + dayName(points[0].axisValue, true) + "\n" + lines.join("\n");
      },
    });
    return option;
  }

  function rankOption(data, box) {
    var ink = paint();
    var left = Math.min(150, Math.floor(box.clientWidth * 0.34));
    return Object.assign(common(ink), {
      grid: { left: left, right: 48, top: 4, bottom: 4, outerBoundsMode: "none" },
      xAxis: { type: "value", show: false, min: 0 },
      yAxis: {
        type: "category", inverse: true, data: data.names,
        axisLine: { lineStyle: { color: ink.muted } }, axisTick: { show: false },
        axisLabel: { color: ink.text, fontSize: 12, width: left - 12, overflow: "truncate" },
      },
      series: [{
        type: "bar", data: data.values, color: ink.series[1], barMaxWidth: 16, barCategoryGap: "35%",
        emphasis: { disabled: true },
        label: {
          show: true, position: "right", color: ink.text, fontSize: 12,
          formatter: function (point) { return number(point.value); },
        },
      }],
    });
  }

  function draw(figure) {
    var box = figure.querySelector("[data-canvas]");
    var data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    var chart = drawn.get(box);
    if (!chart) {
      chart = echarts.init(box, null, { renderer: "canvas" });
      drawn.set(box, chart);
      watcher.observe(box);
    }
    chart.setOption(data.kind === "rank" ? rankOption(data, box) : timeOption(data, box), { notMerge: true });
  }

  function drawAll() {
    drawn.forEach(function (chart, box) {
      if (box.isConnected) return;
      chart.dispose();
      watcher.unobserve(box);
      drawn.delete(box);
    });
    Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), draw);
  }

  var watcher = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      var chart = drawn.get(entry.target);
      if (!chart || !entry.target.clientWidth) return;
      if (chart.getWidth() === entry.target.clientWidth && chart.getHeight() === entry.target.clientHeight) return;
      chart.resize();
      draw(entry.target.closest("[data-chart]"));
    });
  });

  document.addEventListener("authsome:theme", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  document.addEventListener("htmx:after:swap", drawAll);
  // Paper is white: print in the light scheme, and give the screen its own back.
  var before;
  addEventListener("beforeprint", function () {
    before = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    drawAll();
  });
  addEventListener("afterprint", function () {
    if (before) document.documentElement.dataset.theme = before;
    else delete document.documentElement.dataset.theme;
    drawAll();
  });
  drawAll();
})();
