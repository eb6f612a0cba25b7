// Live pages. An element with data-live="tables" and data-src="/fragment" is fetched again when the gateway says that one of
// those tables changed. Without this script every page works; it only does not refresh by itself.
(function () {
  'use strict';
  var QUIET_MS = 150, STALE_MS = 30000, OFFLINE_MS = 4000;
  var regions = Array.prototype.slice.call(document.querySelectorAll('[data-live][data-src]'));
  var announce = document.getElementById('announce');
  var offline = document.getElementById('offline');
  if (!regions.length) { return; }

  function spoken(region) {
    var said = {};
    region.querySelectorAll('[data-say]').forEach(function (element) {
      said[element.getAttribute('data-say')] = element.getAttribute('data-say-text') || element.textContent.trim();
    });
    return said;
  }

  // Somebody who is typing, or has opened something, keeps it: the region waits.
  function isBusy(region) {
    var active = document.activeElement;
    var typing = active && region.contains(active) && /^(INPUT|SELECT|TEXTAREA)$/.test(active.tagName);
    return typing || region.querySelector('details[open]');
  }

  function refresh(region) {
    if (isBusy(region)) { region.waiting = true; return; }
    if (region.fetching) { region.again = true; return; }
    region.fetching = true;
    fetch(region.getAttribute('data-src'), { credentials: 'same-origin', redirect: 'manual' }).then(function (answer) {
      if (answer.type === 'opaqueredirect' || answer.status === 401) { window.location.reload(); return null; }
      return answer.ok ? answer.text() : null;
    }).then(function (html) {
      region.fetching = false;
      if (html !== null && html !== region.last && !isBusy(region)) { replace(region, html); }
      if (region.again) { region.again = false; refresh(region); }
    }).catch(function () { region.fetching = false; });
  }

  function replace(region, html) {
    var before = spoken(region);
    var focused = document.activeElement && region.contains(document.activeElement) ? document.activeElement.id : '';
    region.last = html;
    region.innerHTML = html;
    if (focused) { var again = document.getElementById(focused); if (again) { again.focus(); } }
    var after = spoken(region), news = [];
    Object.keys(after).forEach(function (key) { if (before[key] !== after[key]) { news.push(after[key]); } });
    if (news.length && announce) { announce.textContent = news.join('. '); }
  }

  var pending = {}, timer = null, lostTimer = null;
  function changed(tables) {
    tables.forEach(function (table) { pending[table] = true; });
    if (timer) { return; }
    timer = window.setTimeout(function () {
      var now = pending; pending = {}; timer = null;
      regions.forEach(function (region) {
        var wanted = region.getAttribute('data-live').split(' ');
        if (now['*'] || wanted.some(function (table) { return now[table]; })) { refresh(region); }
      });
    }, QUIET_MS);
  }

  function online(isOnline) {
    if (lostTimer) { window.clearTimeout(lostTimer); lostTimer = null; }
    if (isOnline) { if (offline) { offline.hidden = true; } return; }
    lostTimer = window.setTimeout(function () { if (offline) { offline.hidden = false; } }, OFFLINE_MS);
  }

  function listen() {
    var stream = new EventSource('/live');
    stream.addEventListener('opened', function () { online(true); changed(['*']); });
    stream.addEventListener('changed', function (event) { changed(event.data.split(' ')); });
    stream.onerror = function () {
      online(false);
      if (stream.readyState === EventSource.CLOSED) { window.setTimeout(listen, OFFLINE_MS); }
    };
  }

  listen();
  // Ages and freshness change without any table changing.
  window.setInterval(function () { changed(['*']); }, STALE_MS);
  document.addEventListener('focusout', function () {
    regions.forEach(function (region) { if (region.waiting) { region.waiting = false; changed(['*']); } });
  });
  document.addEventListener('toggle', function () {
    regions.forEach(function (region) { if (region.waiting && !isBusy(region)) { region.waiting = false; changed(['*']); } });
  }, true);
}());
