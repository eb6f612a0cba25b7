// Keeps the window current: the server tells which parts changed, and each is fetched again. Buttons act without leaving the page.
// Without this script every button still works as a plain form.
'use strict';
(() => {
  const seen = {};
  const busy = new Map();
  const thought = new Map(); // pod → its judgement as last shown, so that a change of it is said aloud once

  async function refresh(part) {
    const src = part.dataset.src;
    if (busy.get(src)) { busy.set(src, 'again'); return; }
    busy.set(src, 'once');
    try {
      const answer = await fetch(src);
      if (answer.ok) replace(part, await answer.text());
    } catch { /* the demo has ended; the stream says so */ }
    const again = busy.get(src) === 'again';
    busy.delete(src);
    if (again) refresh(part);
  }

  function replace(part, html) {
    const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.innerHTML = html;
    if (focused) document.getElementById(focused)?.focus();
    const pod = part.querySelector('[data-pod]');
    if (!pod) return;
    const on = pod.dataset.switched.split(' ');
    for (const button of part.closest('article').querySelectorAll('[data-switch]'))
      button.setAttribute('aria-pressed', on.includes(button.dataset.switch));
    const before = thought.get(pod.dataset.pod);
    if (before !== undefined && before !== pod.dataset.thinks)
      document.querySelector('[data-said]').textContent = pod.querySelector('h2').textContent + ': ' + pod.querySelector('.thinks strong').textContent;
    thought.set(pod.dataset.pod, pod.dataset.thinks);
  }

  function take(beat) {
    document.querySelector('[data-clock]').textContent = beat.clock;
    for (const name of ['pods', 'log', 'state']) {
      if (seen[name] === beat[name]) continue;
      const first = !(name in seen);
      seen[name] = beat[name];
      if (!first) document.querySelectorAll('[data-part=' + name + ']').forEach(refresh);
    }
    const screen = document.getElementById('screen');
    if (screen && seen.screen !== beat.screen) {
      seen.screen = beat.screen;
      screen.src = '/screen.png?v=' + beat.screen;
      fetch('/part/screen').then(a => a.text()).then(t => { document.getElementById('screen-text').textContent = t; }).catch(() => {});
    }
  }

  const stream = new EventSource('/events');
  stream.onmessage = event => take(JSON.parse(event.data));
  stream.onerror = () => document.body.classList.add('ended');
  stream.onopen = () => document.body.classList.remove('ended');

  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.action.includes('/language/')) return;
    event.preventDefault();
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { accept: 'application/json' } });
  });

  const screen = document.getElementById('screen');
  if (screen) screen.addEventListener('click', event => {
    event.preventDefault();
    const box = screen.getBoundingClientRect();
    const at = (pixels, size, length) => Math.floor((pixels / length) * size);
    const x = at(event.clientX - box.left, screen.naturalWidth, box.width);
    const y = at(event.clientY - box.top, screen.naturalHeight, box.height);
    fetch('/screen/touch?x=' + x + '&y=' + y, { method: 'POST', headers: { accept: 'application/json' } });
  });
})();
