// Lets the button be pressed once what it does is there: before that, and without JavaScript, it does nothing.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.disabled = false;
    button.removeAttribute("aria-disabled");
  }
});

// Says on the page, and not in the console, that the browser made or found no passkey.
document.addEventListener("allauth.error", (failure) => {
  failure.preventDefault();
  const told = document.getElementById("passkey-problem");
  told.hidden = false;
  told.focus();
});
