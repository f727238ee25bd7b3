// Says on the page, and not in the console, that the browser made or found no passkey.
document.addEventListener("allauth.error", (failure) => {
  failure.preventDefault();
  const told = document.getElementById("passkey-problem");
  told.hidden = false;
  told.focus();
});
