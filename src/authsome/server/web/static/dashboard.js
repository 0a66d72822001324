// What a person does with a dashboard: hide a series, zoom, save a picture, and have newer numbers by themselves.
// Without this file every number is there all the same, in the tables.
(function () {
  "use strict";
  var charts = window.authsomeCharts;
  var paused = false, failed = "", last = Date.now(), asking = false;

  function each(selector, root, act) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  // Series

  function toggle(button) {
    var figure = button.closest("[data-chart]"), hidden = charts.viewOf(figure).hidden;
    var number = Number(button.dataset.series), at = hidden.indexOf(number);
    if (at < 0) hidden.push(number);
    else hidden.splice(at, 1);
    button.setAttribute("aria-pressed", String(at >= 0));
    charts.draw(figure);
  }

  // Zoom: buttons do what a wheel and a hand do, and the days seen can be made the days of the page.

  function zoom(button) {
    var figure = button.closest("[data-chart]"), seen = charts.viewOf(figure).seen;
    var end = charts.dataOf(figure).days.length - 1, span = seen.end - seen.start + 1;
    var step = Math.max(1, Math.round(span / 2));
    if (button.dataset.zoom === "in") seen.start = Math.min(seen.end - Math.min(3, end), seen.start + step);
    if (button.dataset.zoom === "out") {
      seen.end = Math.min(end, seen.end + Math.floor(span / 2));
      seen.start = Math.max(0, seen.end - span * 2 + 1);
    }
    if (button.dataset.zoom === "earlier") step = -Math.min(step, seen.start);
    if (button.dataset.zoom === "later") step = Math.min(step, end - seen.end);
    if (button.dataset.zoom === "earlier" || button.dataset.zoom === "later") {
      seen.start += step;
      seen.end += step;
    }
    charts.draw(figure);
    sayZoom(figure);
  }

  function sayZoom(figure) {
    var group = figure.querySelector(".zoom"), seen = charts.viewOf(figure).seen;
    if (!group || !seen) return;
    var data = charts.dataOf(figure), end = data.days.length - 1;
    var whole = seen.start <= 0 && seen.end >= end;
    var off = { in: seen.end - seen.start <= Math.min(3, end), out: whole, earlier: seen.start <= 0, later: seen.end >= end };
    each("[data-zoom]", group, function (button) { button.disabled = off[button.dataset.zoom]; });
    var until = seen.end >= end ? data.until : dayBefore(data.days[seen.end + 1]);
    var since = data.days[Math.max(0, seen.start)];
    group.querySelector("[data-zoom-said]").textContent =
      whole ? "" : charts.dayName(since, false) + " to " + charts.dayName(until, true);
    var link = group.querySelector("[data-zoom-link]");
    link.hidden = whole;
    var address = new URL(location.href);
    address.searchParams.delete("days");
    address.searchParams.set("since", since);
    address.searchParams.set("until", until);
    address.searchParams.set("bucket", data.bucket);
    link.href = address.pathname + address.search;
  }

  function dayBefore(iso) {
    var day = new Date(iso + "T00:00:00Z");
    day.setUTCDate(day.getUTCDate() - 1);
    return day.toISOString().slice(0, 10);
  }

  // Pictures: the chart as it is seen, under its title, its answer, its period and the zone that days are cut in.

  function picture(button) {
    var tile = button.closest(".tile"), figure = tile.querySelector("[data-chart]");
    var data = charts.dataOf(figure), view = charts.viewOf(figure), ink = charts.paint();
    var width = 960, head = 104, foot = 34;
    var body = data.kind === "time" ? 380 : Math.max(140, 44 * (data.names || data.rows).length);
    var sheet = document.createElement("div");
    var chart = echarts.init(sheet, null, { renderer: "canvas", width: width, height: head + body + foot, devicePixelRatio: 2 });
    var drawn = charts.option(data, { width: width - 48, height: body, top: head }, view);
    drawn.animation = false;
    [].concat(drawn.grid).forEach(function (grid) { grid.left += 24; grid.right += 24; });
    var words = function (selector) { return tile.querySelector(selector).textContent.trim(); };
    var line = function (text, top, size, weight, colour) {
      return {
        text: text, left: 24, top: top, padding: 0,
        textStyle: { color: colour, fontSize: size, fontWeight: weight, fontFamily: ink.font, width: width - 48, overflow: "break" },
      };
    };
    var titles = (drawn.title || []).map(function (one) { return Object.assign(one, { left: 24 }); });
    drawn.title = titles.concat([
      line(words("h2"), 20, 18, 600, ink.text),
      line(words(".answer"), 46, 13, 400, ink.text),
      line(words(".period") + narrowed() + "   ·   " + location.host + "   ·   " + asOf(), head + body + 8, 11, 400, ink.muted),
    ]);
    if (figure.querySelector(".legend")) drawn.title.push(key(figure, ink, line, head));
    chart.setOption(drawn);
    var link = document.createElement("a");
    link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: ink.page });
    link.download = "authsome-" + tile.id.replace(/^tile-/, "") + ".png";
    document.body.appendChild(link);
    link.click();
    link.remove();
    chart.dispose();
  }

  // A number that is of one provider or agent says so wherever the picture goes.
  function narrowed() {
    var found = new URL(location.href).searchParams;
    return ["provider", "identity"].map(function (name) {
      return found.get(name) ? "   ·   " + name + " " + found.get(name) : "";
    }).join("");
  }

  function asOf() {
    return document.getElementById("as-of").textContent.trim().replace(/\.$/, "");
  }

  function key(figure, ink, line, head) {
    var rich = {}, text = [];
    each(".series[aria-pressed='true']", figure, function (button, at) {
      var colour = button.querySelector(".swatch").className.match(/ink-(\d)/)[1];
      rich["m" + at] = { color: ink.series[Number(colour)], fontSize: 13 };
      text.push("{m" + at + "|■} " + button.textContent.trim().replace(/[{}|]/g, " "));
    });
    var made = line(text.join("    "), head - 22, 12, 400, ink.text);
    made.textStyle.rich = rich;
    return made;
  }

  // Newer numbers: the same address once more, of which only what has changed is put in place. Zoom, hidden
  // series, open tables, the focus and the place on the page stay.

  function live() {
    return document.querySelector("[data-live]");
  }

  function say() {
    var said = document.querySelector("[data-live-said]"), button = document.querySelector("[data-live-pause]");
    if (!said) return;
    if (said.textContent !== failed) said.textContent = failed;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? "Paused" : "Pause updates";
  }

  function fill(old, fresh) {
    var held = old.contains(document.activeElement) ? document.activeElement : null;
    var at = held ? Array.prototype.indexOf.call(old.querySelectorAll("a, button"), held) : -1;
    old.replaceChildren.apply(old, Array.from(fresh.childNodes));
    var next = at >= 0 && old.querySelectorAll("a, button")[at];
    if (next) next.focus();
  }

  function take(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var root = live(), replaced = [];
    if (!page.querySelector("[data-live]")) throw new Error("no dashboard");
    each(".tile", root, function (tile) {
      var fresh = page.getElementById(tile.id);
      if (!fresh) return;
      var parts = function (one) {
        return Array.from(one.querySelectorAll("[data-fresh]"), function (part) { return part.id; }).join();
      };
      // A tile that gains or loses its chart is another one.
      var names = function (one) {
        return Array.from(one.querySelectorAll(".series"), function (part) { return part.textContent; }).join();
      };
      if (parts(tile) === parts(fresh) && names(tile) === names(fresh)) return;
      fresh = document.importNode(fresh, true);
      tile.replaceWith(fresh);
      each("[data-chart]", fresh, function (figure) { replaced.push(figure); });
    });
    var changed = [];
    each("[data-fresh]", root, function (part) {
      var fresh = page.getElementById(part.id);
      if (!fresh || fresh.isEqualNode(part)) return;
      fill(part, document.importNode(fresh, true));
      var figure = part.closest("[data-chart]");
      if (figure) changed.push(rename(figure, page.getElementById(figure.closest(".tile").id)));
    });
    charts.drawAll(changed.concat(replaced));
  }

  function rename(figure, fresh) {
    var box = figure.querySelector("[data-canvas]");
    if (box) box.setAttribute("aria-label", fresh.querySelector("[data-canvas]").getAttribute("aria-label"));
    return figure;
  }

  function ask() {
    if (!live() || asking) return;
    asking = true;
    var address = location.href;
    fetch(address, { redirect: "manual", cache: "no-store", headers: { Accept: "text/html" } }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        paused = true;
        throw new Error("Your session has ended. Reload the page to sign in.");
      }
      if (!answer.ok) throw new Error("The server answered " + answer.status + ".");
      return answer.text();
    }).then(function (text) {
      if (location.href === address) take(text);
      failed = "";
    }).catch(function (error) {
      var why = error instanceof TypeError ? "The server cannot be reached." : error.message;
      failed = "Not refreshed at " + new Date().toISOString().slice(11, 19) + " UTC. " + why;
    }).then(function () {
      asking = false;
      last = Date.now();
      say();
    });
  }

  setInterval(function () {
    var root = live();
    if (!root || paused || document.hidden) return;
    if (Date.now() - last >= Number(root.dataset.live) * 1000) ask();
  }, 1000);

  // Loading, and what htmx could not load

  function busy(is) {
    var root = live();
    if (root) root.setAttribute("aria-busy", String(is));
  }

  // htmx copies a style from what was there, to move it softly; the policy would complain of one that an
  // extension of the browser has left on a field.
  document.addEventListener("htmx:before:swap", function () {
    each("[id][style]", live(), function (one) { one.removeAttribute("style"); });
  });
  document.addEventListener("htmx:before:request", function () { busy(true); });
  document.addEventListener("htmx:finally:request", function () { busy(false); });
  document.addEventListener("htmx:error", function () {
    failed = "The numbers could not be loaded. What you see is what was there before.";
    busy(false);
    say();
  });
  document.addEventListener("htmx:after:swap", function () {
    failed = "";
    last = Date.now();
    say();
  });

  // An address says what was chosen, and nothing of what was not.
  document.addEventListener("formdata", function (event) {
    Array.from(event.formData.entries()).forEach(function (pair) {
      if (!pair[1]) event.formData.delete(pair[0]);
    });
  });

  document.addEventListener("authsome:zoom", function (event) { sayZoom(event.target); });
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.series !== undefined && charts) toggle(button);
    if (button.dataset.zoom && charts) zoom(button);
    if (button.dataset.picture !== undefined && charts) picture(button);
    if (button.dataset.liveNow !== undefined) ask();
    if (button.dataset.livePause !== undefined) {
      paused = !paused;
      failed = "";
      say();
    }
  });
})();
