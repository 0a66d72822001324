// Sets the colour scheme before the first paint; a choice made here wins over the system's.
// It is a file of its own, loaded first and small, because the policy allows no inline script.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var choice = null;
  try {
    choice = localStorage.getItem("theme");
  } catch (refused) {
    choice = null; // storage is off: the system's scheme stands
  }
  if (choice === "light" || choice === "dark") root.dataset.theme = choice;
})();
