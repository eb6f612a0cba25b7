// Live pages. An element with data-live="tables" and data-src="/fragment" is fetched again when the gateway says that one of
// those tables changed. With data-seen="version" only its parts (data-part) that changed since come; any other region comes whole,
// or not at all while it is the same. Without this script every page works; it only does not refresh by itself.
(function () {
  'use strict';
  var QUIET_MS = 150, STALE_MS = 30000, OFFLINE_MS = 4000, ANSWER_MS = 10000, APART_MS = 400, SILENCE_MS = 40000;
  var regions = Array.prototype.slice.call(document.querySelectorAll('[data-live][data-src]'));
  var announce = document.getElementById('announce');
  var offline = document.getElementById('offline');

  // A second tap while the answer is on its way is no second press. What takes longer than a second says that it works; who
  // stopped the browser may press again.
  var WORKS_MS = 1000, GIVEN_UP_MS = 20000;
  function ready(form) {
    form.sent = false;
    form.querySelectorAll('[aria-busy]').forEach(function (button) { button.removeAttribute('aria-busy'); });
  }
  document.addEventListener('submit', function (event) {
    var form = event.target, button = event.submitter;
    if (form.sent) { event.preventDefault(); return; }
    form.sent = true;
    window.setTimeout(function () {
      if (!form.sent) { return; }
      if (button) { button.setAttribute('aria-busy', 'true'); }
      if (announce) { announce.textContent = announce.getAttribute('data-wait'); }
    }, WORKS_MS);
    window.setTimeout(function () { ready(form); }, GIVEN_UP_MS);
  });
  window.addEventListener('pageshow', function () { document.querySelectorAll('form').forEach(ready); });
  document.querySelectorAll('[data-print]').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () { window.print(); });
  });
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
    // A few times a second are enough, however much happens.
    var early = (region.next || 0) - Date.now();
    if (early > 0) {
      if (!region.timer) { region.timer = window.setTimeout(function () { region.timer = null; refresh(region); }, early); }
      return;
    }
    region.next = Date.now() + APART_MS;
    region.fetching = true;
    // Without a limit a request that hangs would be the last one for ever.
    var limit = new AbortController(), clock = window.setTimeout(function () { limit.abort(); }, ANSWER_MS);
    var has = region.hasAttribute('data-seen') ? { 'Live-Seen': region.getAttribute('data-seen') } : { 'Live-Hash': region.hash || '' };
    var headers = null;
    fetch(region.getAttribute('data-src'), { credentials: 'same-origin', redirect: 'manual', signal: limit.signal, headers: has }).then(function (answer) {
      if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 404) { window.location.reload(); return null; }
      if (!answer.ok) { throw new Error(answer.status); }
      headers = answer.headers;
      return answer.status === 204 ? '' : answer.text();
    }).then(function (html) {
      if (html === null) { return; }
      online(true);
      if (html && isBusy(region)) { region.waiting = true; return; }
      if (html && html !== region.last) { show(region, html, headers.get('Live-Change')); }
      if (region.hasAttribute('data-seen')) { region.setAttribute('data-seen', region.broken ? '0' : headers.get('Live-Version')); }
      if (region.broken) { region.broken = false; region.again = true; }
      region.hash = headers.get('Live-Hash');
      sayAges(region, Number(headers.get('Live-Now')));
    }).catch(function () {
      online(false);
    }).then(function () {
      window.clearTimeout(clock);
      region.fetching = false;
      if (region.again) { region.again = false; refresh(region); }
    });
  }

  // Puts the parts that came in their places; a part that is missing makes the region be fetched whole.
  function patch(region, html) {
    var box = document.createElement('template'), fresh = {}, old = {}, frame = null;
    box.innerHTML = html;
    region.querySelectorAll('[data-part]').forEach(function (part) { old[part.getAttribute('data-part')] = part; });
    Array.prototype.forEach.call(box.content.children, function (element) {
      if (element.hasAttribute('data-frame')) { frame = element; } else { fresh[element.getAttribute('data-part')] = element; }
    });
    if (!frame) {
      Object.keys(fresh).forEach(function (key) { if (old[key]) { old[key].replaceWith(fresh[key]); } else { region.broken = true; } });
      return;
    }
    var places = Array.prototype.slice.call(frame.querySelectorAll('[data-part]'));
    function partAt(place) { var key = place.getAttribute('data-part'); return fresh[key] || old[key]; }
    if (!places.every(partAt)) { region.broken = true; return; }
    places.forEach(function (place) { place.replaceWith(partAt(place)); });
    region.replaceChildren.apply(region, Array.prototype.slice.call(frame.childNodes));
  }

  // "5 minutes ago" by the gateway's clock; a part comes again only when something else of it changed.
  function sayAges(region, now) {
    if (!now) { return; }
    var german = document.documentElement.lang === 'de';
    region.querySelectorAll('time[data-ago]').forEach(function (element) {
      var minutes = Math.floor((now - Date.parse(element.getAttribute('datetime'))) / 60000);
      var unit = minutes < 60 ? [minutes, 'Minute', 'Minuten', 'minute'] : minutes < 1440 ? [Math.floor(minutes / 60), 'Stunde', 'Stunden', 'hour'] : [Math.floor(minutes / 1440), 'Tag', 'Tagen', 'day'];
      element.textContent = minutes < 1 ? (german ? 'gerade eben' : 'just now')
        : german ? 'vor ' + unit[0] + ' ' + (unit[0] === 1 ? unit[1] : unit[2]) : unit[0] + ' ' + unit[3] + (unit[0] === 1 ? '' : 's') + ' ago';
    });
  }

  function show(region, html, isChange) {
    var before = spoken(region);
    var focused = document.activeElement && region.contains(document.activeElement) ? document.activeElement.id : '';
    region.last = isChange ? null : html;
    if (isChange) { patch(region, html); } else { region.innerHTML = html; }
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

  // "No connection" stands while nothing comes through, whatever the browser believes about its sockets.
  function online(isOnline) {
    if (isOnline) {
      window.clearTimeout(lostTimer); lostTimer = null;
      offline.hidden = true;
    } else if (!lostTimer) {
      lostTimer = window.setTimeout(function () { offline.hidden = false; }, OFFLINE_MS);
    }
  }

  // The gateway speaks every quarter of a minute; a stream that is silent for longer is dead and opened anew. A hidden page has no
  // stream (a browser holds six to one server and no more) and shows the present as soon as it is looked at.
  var stream = null, silence = null, retry = null;
  function hush() {
    window.clearTimeout(silence); window.clearTimeout(retry);
    if (stream) { stream.close(); stream = null; }
  }

  function lost() {
    hush();
    online(false);
    changed(['*']);
    retry = window.setTimeout(listen, OFFLINE_MS);
  }

  function heard() { window.clearTimeout(silence); silence = window.setTimeout(lost, SILENCE_MS); }

  function listen() {
    hush();
    if (document.hidden) { return; }
    stream = new EventSource('/live');
    stream.addEventListener('opened', function () { heard(); online(true); changed(['*']); });
    stream.addEventListener('changed', function (event) { heard(); changed(event.data.split(' ')); });
    stream.addEventListener('alive', heard);
    // Logged out, or too many pages are open: it comes back when somebody looks at this page again.
    stream.addEventListener('ended', function () { hush(); online(false); });
    stream.onerror = lost;
    heard();
  }

  listen();
  document.addEventListener('visibilitychange', listen);
  window.addEventListener('pageshow', function (event) { if (event.persisted) { listen(); } });
  // Ages and freshness change without any table changing.
  window.setInterval(function () { if (!document.hidden) { changed(['*']); } }, STALE_MS);
  document.addEventListener('focusout', function () {
    regions.forEach(function (region) { if (region.waiting) { region.waiting = false; changed(['*']); } });
  });
  document.addEventListener('toggle', function () {
    regions.forEach(function (region) { if (region.waiting && !isBusy(region)) { region.waiting = false; changed(['*']); } });
  }, true);
}());
