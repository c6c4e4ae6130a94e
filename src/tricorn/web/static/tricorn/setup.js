/* Suggests the time zone of this device. The page works without it. */
(() => {
  "use strict";
  document.querySelectorAll("[data-guess-zone]").forEach((box) => {
    if (!box.value) box.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });
})();
