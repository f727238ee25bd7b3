// Signing out empties what this device keeps of checklists. What has not reached the portal would be lost, so it
// is asked for first. The portal itself has the browser empty the rest (Clear-Site-Data).

const waits = () => Object.keys(localStorage).filter((each) => each.startsWith("checklist:")).length;

document.addEventListener("submit", (event) => {
  const number = waits();
  if (!number || !event.target.matches("[data-sign-out]")) return;
  const what = number === 1 ? "1 answer or note has" : `${number} answers or notes have`;
  const asked = `${what} not been sent from this device. If you sign out now, they are lost. Sign out all the same?`;
  if (!confirm(asked)) event.preventDefault();
});
