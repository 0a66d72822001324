// What a page gains from a script. Every page works without it.
(function () {
  "use strict";

  function each(selector, root, act) {
    Array.prototype.forEach.call((root || document).querySelectorAll(selector), act);
  }

  // Copying a command. Outside of https and localhost a browser gives no clipboard: select the text instead.
  function copy(button) {
    var source = document.getElementById(button.dataset.copy);
    var said = function (text) {
      button.textContent = text;
      setTimeout(function () { button.textContent = "Copy"; }, 2000);
    };
    var select = function () {
      getSelection().selectAllChildren(source);
      said("Selected");
    };
    if (!navigator.clipboard) return select();
    navigator.clipboard.writeText(source.textContent).then(function () { said("Copied"); }, select);
  }

  function showTheme() {
    var chosen = document.documentElement.dataset.theme || "auto";
    each("[data-theme-choice]", null, function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
  }

  function chooseTheme(choice) {
    if (choice === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    try {
      if (choice === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", choice);
    } catch (refused) {
      // storage is off: the choice holds for this page only
    }
    showTheme();
    document.dispatchEvent(new Event("authsome:theme"));
  }

  function reveal(button) {
    var input = document.getElementById(button.dataset.reveal);
    var shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.textContent = shown ? "Show" : "Hide";
    button.setAttribute("aria-pressed", String(!shown));
  }

  // Length is the one thing about a password that can be judged here without misleading anyone.
  function judge(input) {
    var least = Number(input.dataset.least);
    var length = Array.from(input.value).length;
    var level = length === 0 ? 0 : length < least ? 1 : length < least + 8 ? 2 : 3;
    var words = [
      "",
      length + " of at least " + least + " characters.",
      length + " characters: long enough. A few more words make it strong.",
      length + " characters: strong by its length.",
    ];
    var meter = document.getElementById(input.dataset.meter);
    meter.dataset.level = String(level);
    meter.lastElementChild.textContent = words[level];
  }

  // A code is read off a terminal: capitals and the dash come by themselves.
  function spell(input) {
    var atEnd = input.selectionStart === input.value.length;
    var letters = input.value.replace(/[^a-z]/gi, "").toUpperCase().slice(0, 8);
    if (atEnd) input.value = letters.length > 4 ? letters.slice(0, 4) + "-" + letters.slice(4) : letters;
  }

  function sayLocalTimes(root) {
    each("time[datetime*='T']", root, function (time) {
      var moment = new Date(time.dateTime);
      if (!isNaN(moment)) time.title = "Here: " + moment.toLocaleString();
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    if (button.dataset.reveal) reveal(button);
    if (button.dataset.themeChoice) chooseTheme(button.dataset.themeChoice);
  });

  document.addEventListener("input", function (event) {
    if (event.target.dataset.least) judge(event.target);
    if (event.target.dataset.spell !== undefined) spell(event.target);
  });

  // A second press sends nothing: the first may already have used up a one-time link.
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented) return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", function () {
    each("form[data-sent]", null, function (form) { delete form.dataset.sent; });
  });

  // A session that ended while a page was open answers with the log-in page, and a
  // failure with a page of its own: go there, do not paste it in.
  document.addEventListener("htmx:before:response", function (event) {
    var answer = event.detail.ctx.response.raw;
    if (!answer.redirected && answer.ok) return;
    event.preventDefault();
    location.assign(answer.url);
  });
  document.addEventListener("htmx:after:swap", function () { sayLocalTimes(document); });

  // On a phone the areas scroll sideways: bring the current one into sight.
  var current = document.querySelector(".areas [aria-current]");
  if (current) {
    var strip = current.closest("ul");
    strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
  }

  showTheme();
  sayLocalTimes(document);
  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
