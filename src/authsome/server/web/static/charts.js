// Draws the charts from the data blocks of the page, in the colours of the style sheet.
// Tooltips are drawn on the canvas: ECharts' HTML ones would need inline styles, which the policy forbids.
(function () {
  "use strict";
  if (!window.echarts) return;

  var MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  var EACH = { day: "", week: "Week from ", month: "Month from " };
  var DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
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
      series: ["", 1, 2, 3, 4, 5, 6, 7].map(function (ink) { return ink && colour(String(ink)); }),
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
    if (unit === "mean") return value.toLocaleString("en", { maximumFractionDigits: 1 });
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
    var whole = axes.unit !== "percent";
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

  // Every so many days have a label, counted back from the last that is seen.
  function xAxis(ink, data, at, last, width, seen) {
    var shown = function (index) {
      var room = Math.max(2, Math.floor(width / 76));
      var every = Math.ceil((seen.end - seen.start + 1) / room);
      return index <= seen.end && (seen.end - index) % every === 0;
    };
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

  // What is not over yet is a paler bar or a hollow point: a day that has just begun must not look like a fall.
  function values(one, data, colour) {
    if (!data.unfinished || one.mark !== "bar") return one.values;
    return one.values.map(function (value, at) {
      return at === one.values.length - 1 ? { value: value, itemStyle: { color: colour, opacity: 0.5 } } : value;
    });
  }

  function series(ink, one, axes, at, data, nth) {
    var colour = ink.series[one.ink] || ink.series[1];
    var drawnAs = {
      name: one.name, type: one.mark, data: values(one, data, colour), xAxisIndex: at, yAxisIndex: at, color: colour,
      emphasis: { disabled: true },
      z: 2 + nth, // one that was hidden and is shown again comes to lie where it was
    };
    if (one.mark === "bar") {
      drawnAs.stack = "axes-" + at;
      drawnAs.barMaxWidth = data.days.length > 31 ? 14 : 22;
      drawnAs.barCategoryGap = data.days.length > 60 ? "15%" : "30%";
    } else {
      var few = axes.unit === "percent" || data.days.length < 3;
      drawnAs.lineStyle = { width: 2, color: colour, type: DASHES[nth % DASHES.length] };
      var open = function (at) { return data.unfinished && at === one.values.length - 1; };
      drawnAs.symbol = function (_, point) { return open(point.dataIndex) ? "emptyCircle" : "circle"; };
      drawnAs.symbolSize = function (_, point) { return open(point.dataIndex) ? 7 : few ? 5 : 0; };
      drawnAs.showAllSymbol = true;
      if (axes.unit === "count" && axes.series.length === 1) drawnAs.areaStyle = { color: colour, opacity: 0.1 };
    }
    return drawnAs;
  }

  function heading(ink, text, top) {
    return {
      text: text, left: 0, top: top, padding: 0,
      textStyle: { color: ink.text, fontSize: 12, fontWeight: 600, fontFamily: ink.font, lineHeight: 18 },
    };
  }

  // `view` has the numbers of the hidden series, and the days seen. `room` is the box less what is above it.
  function timeOption(data, room, view) {
    var ink = paint();
    var option = common(ink);
    var shares = data.axes.reduce(function (sum, axes) { return sum + axes.share; }, 0);
    var foot = 24, free = room.height - foot - 30 - 42 * (data.axes.length - 1);
    var top = room.top || 0, legend = 0;
    var units = [], seen = view.seen || { start: 0, end: data.days.length - 1 };
    option.grid = []; option.xAxis = []; option.yAxis = []; option.series = []; option.title = [];
    data.axes.forEach(function (axes, at) {
      var height = Math.floor((free * axes.share) / shares), head = at ? 42 : 30;
      option.title.push(heading(ink, axes.title, top + (at ? 14 : 2)));
      option.grid.push({ left: 44, right: 18, top: top + head, height: height, outerBoundsMode: "none" });
      option.xAxis.push(xAxis(ink, data, at, at === data.axes.length - 1, room.width - 62, seen));
      option.yAxis.push(yAxis(ink, axes, at));
      axes.series.forEach(function (one, nth) {
        var hidden = axes.series.length > 1 && view.hidden.indexOf(legend++) >= 0;
        if (hidden) return;
        units.push(axes.unit);
        option.series.push(series(ink, one, axes, at, data, nth));
      });
      top += head + height;
    });
    option.dataZoom = [{
      type: "inside", xAxisIndex: data.axes.map(function (_, at) { return at; }),
      startValue: seen.start, endValue: seen.end, minValueSpan: Math.min(3, data.days.length - 1),
      zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: true, preventDefaultMouseMove: false,
    }];
    option.axisPointer = { link: [{ xAxisIndex: "all" }] };
    option.tooltip = Object.assign(tip(ink), {
      trigger: "axis",
      formatter: function (points) {
        var at = points[0].dataIndex;
        var lines = points.map(function (point) {
          return point.marker + " " + point.seriesName + "  " + number(point.value, units[point.seriesIndex]);
        });
        var open = data.unfinished && at === data.days.length - 1 ? ", not over yet" : "";
        return (EACH[data.bucket] || "") + dayName(points[0].axisValue, true) + open + "\n" + lines.join("\n");
      },
    });
    return option;
  }

  function barsOption(data, room, view) {
    var ink = paint();
    var left = Math.min(150, Math.floor(room.width * 0.34));
    var shown = data.series.filter(function (_, at) { return view.hidden.indexOf(at) < 0; });
    return Object.assign(common(ink), {
      grid: { left: left, right: 84, top: (room.top || 0) + 4, height: room.height - 8, outerBoundsMode: "none" },
      xAxis: { type: "value", show: false, min: 0 },
      yAxis: {
        type: "category", inverse: true, data: data.names,
        axisLine: { lineStyle: { color: ink.muted } }, axisTick: { show: false },
        axisLabel: { color: ink.text, fontSize: 12, width: left - 12, overflow: "truncate" },
      },
      series: shown.map(function (one) {
        return {
          name: one.name, type: "bar", data: one.values, color: ink.series[one.ink], barMaxWidth: 16,
          barCategoryGap: "35%", emphasis: { disabled: true },
          label: {
            show: true, position: "right", color: ink.text, fontSize: 12,
            formatter: function (point) { return one.labels[point.dataIndex]; },
          },
        };
      }),
      tooltip: Object.assign(tip(ink), {
        trigger: "axis", axisPointer: { type: "none" },
        formatter: function (points) {
          return points[0].name + "\n" + points.map(function (point) {
            return point.marker + " " + point.seriesName + "  " + shown[point.seriesIndex].labels[point.dataIndex];
          }).join("\n");
        },
      }),
    });
  }

  // A heat map is a table on the page; this draws the same for a picture.
  function heatOption(data, room) {
    var ink = paint();
    var wide = data.columns.length - 1, tall = data.rows.length;
    var cell = [(room.width - 110) / wide - 2, room.height / (tall + 1) - 2];
    var points = [];
    data.rows.forEach(function (row, y) {
      points.push({ value: [0, y], text: row.size, itemStyle: { opacity: 0 } });
      row.cells.forEach(function (one, x) {
        points.push({
          value: [x + 1, y], text: one[0], itemStyle: { color: ink.series[1], opacity: one[1] * 0.045 },
        });
      });
    });
    return Object.assign(common(ink), {
      grid: { left: 100, right: 10, top: (room.top || 0) + cell[1], height: room.height - cell[1], outerBoundsMode: "none" },
      xAxis: {
        type: "category", data: data.columns.slice(1), position: "top", axisLine: { show: false },
        axisTick: { show: false }, axisLabel: { color: ink.muted, fontSize: 11, interval: 0 },
      },
      yAxis: {
        type: "category", data: data.rows.map(function (row) { return dayName(row.start, true); }), inverse: true,
        axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink.text, fontSize: 11 },
      },
      series: [{
        type: "scatter", symbol: "rect", symbolSize: cell, data: points, emphasis: { disabled: true },
        label: {
          show: true, color: ink.text, opacity: 1, fontSize: 11,
          formatter: function (point) { return point.data.text; },
        },
      }],
    });
  }

  function option(data, room, view) {
    if (data.kind === "bars") return barsOption(data, room, view);
    if (data.kind === "heat") return heatOption(data, room);
    return timeOption(data, room, view);
  }

  function dataOf(figure) {
    return JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  }

  // What a person did with a chart stays while the page refreshes: by the place of the figure's tile.
  function viewOf(figure) {
    if (!figure.authsomeView) figure.authsomeView = { hidden: [], seen: null };
    return figure.authsomeView;
  }

  function draw(figure) {
    var box = figure.querySelector("[data-canvas]");
    if (!box) return;
    var data = dataOf(figure);
    var chart = drawn.get(box);
    if (!chart) {
      chart = echarts.init(box, null, { renderer: "canvas" });
      drawn.set(box, chart);
      watcher.observe(box);
      chart.getZr().on("mousemove", function (event) {
        viewOf(figure).tip = { x: event.offsetX, y: event.offsetY };
      });
      chart.getZr().on("globalout", function () { viewOf(figure).tip = null; });
      chart.on("datazoom", function () {
        var zoom = chart.getOption().dataZoom[0], view = viewOf(figure);
        if (view.seen) Object.assign(view.seen, { start: zoom.startValue, end: zoom.endValue });
        figure.dispatchEvent(new CustomEvent("authsome:zoom", { bubbles: true }));
      });
    }
    var view = viewOf(figure);
    if (data.kind === "time") look(view, data.days);
    chart.setOption(option(data, { width: box.clientWidth, height: box.clientHeight }, view), { notMerge: true });
    if (view.tip) chart.dispatchAction(Object.assign({ type: "showTip" }, view.tip));
  }

  // Which days are seen: all of them, or, where there are others since, those of the same dates.
  function look(view, days) {
    var was = view.days, seen = view.seen;
    if (seen && was && was.join() !== days.join()) {
      var whole = seen.start === 0 && seen.end === was.length - 1;
      var start = days.indexOf(was[seen.start]), end = days.indexOf(was[seen.end]);
      view.seen = whole || end < 0 ? null : { start: Math.max(0, start), end: end };
    }
    if (!view.seen) view.seen = { start: 0, end: days.length - 1 };
    view.days = days;
  }

  function drawAll(figures) {
    drawn.forEach(function (chart, box) {
      if (box.isConnected) return;
      chart.dispose();
      watcher.unobserve(box);
      drawn.delete(box);
    });
    var some = Array.isArray(figures) ? figures : document.querySelectorAll("[data-chart]");
    Array.prototype.forEach.call(some, draw);
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
  window.authsomeCharts = {
    draw: draw, drawAll: drawAll, dataOf: dataOf, viewOf: viewOf, option: option, paint: paint, dayName: dayName,
  };
  drawAll();
})();
