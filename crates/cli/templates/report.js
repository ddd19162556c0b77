
'use strict';
// Without this, everything can be read and heard; with it, text can be copied and sound is followed.
for (const box of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  const text = box.querySelector('pre');
  button.setAttribute('aria-label', 'Copy: ' + text.getAttribute('aria-label'));
  button.addEventListener('click', async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      done = document.execCommand('copy');
    }
    button.textContent = done ? 'Copied' : 'Selected';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  box.append(button);
}
for (const sound of document.querySelectorAll('audio')) {
  const rows = [...sound.closest('details').querySelectorAll('.line>li[data-t]')];
  const show = () => {
    const now = sound.currentTime * 1000;
    const past = rows.filter((row) => Number(row.dataset.t) <= now && !sound.paused);
    rows.forEach((row) => row.classList.toggle('now', row === past.at(-1)));
  };
  for (const event of ['timeupdate', 'play', 'pause', 'seeked']) sound.addEventListener(event, show);
}
// What is linked to is opened, and all is printed.
const follow = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener('hashchange', follow);
follow();
let closed = [];
addEventListener('beforeprint', () => {
  closed = [...document.querySelectorAll('details:not([open])')];
  closed.forEach((details) => { details.open = true; });
});
addEventListener('afterprint', () => closed.forEach((details) => { details.open = false; }));
