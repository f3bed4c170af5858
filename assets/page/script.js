// Keeps the page live: whenever the program has news, it fetches this page again and
// takes over what is different, so that focus, scroll, what is open and what was typed stay.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const typed = (el) => el.type !== 'hidden' && ('defaultValue' in el ? el.value !== el.defaultValue
    : !!el.options && [...el.options].some((o) => o.selected !== o.defaultSelected));
  // A form that somebody is filling in, or that came back with why it is not accepted, is left alone as a whole:
  // its stamp says what the file held when it was read.
  const inUse = (form) => 'hold' in form.dataset || [...form.elements].some(typed);

  const attributes = (old, now) => {
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  };
  const kind = (el) => el.nodeName + '#' + (el.id || '') + '.' + (el.getAttribute && el.getAttribute('class') || '').split(' ')[0];
  const same = (a, b) => kind(a) === kind(b);

  // morph makes old like now and touches nothing that is alike.
  const morph = (old, now) => {
    if (old.isEqualNode(now)) return;
    if (old.nodeType !== 1) { old.data = now.data; return; }
    if (old.nodeName === 'FORM' && inUse(old)) return;
    attributes(old, now);
    let at = old.firstChild;
    for (const child of [...now.childNodes]) {
      let match = at;
      if (child.id) match = [...old.children].find((c) => c.id === child.id);
      else while (match && !same(match, child)) match = match.id ? null : match.nextSibling;
      if (!match || !same(match, child)) { old.insertBefore(child, at); continue; }
      if (match === at) at = at.nextSibling; else if (child.id) (old.moveBefore || old.insertBefore).call(old, match, at);
      else { while (at !== match) { const gone = at; at = at.nextSibling; gone.remove(); } at = match.nextSibling; }
      morph(match, child);
    }
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  };

  // states is how each device is doing, in the words of the page.
  const states = (main) => {
    const all = new Map();
    for (const el of main.querySelectorAll('article[id^=device-]')) {
      const word = el.querySelector('header b');
      if (word) all.set(el.id, [el.querySelector('h2').textContent, word.textContent]);
    }
    return all;
  };
  const headline = (main) => ['h1', '.top .word', '.fix .word', '.tick'].map((q) => main.querySelector(q))
    .filter(Boolean).map((el) => el.textContent.trim()).join(': ');
  const say = (text) => { $('said').textContent = text; };
  const announce = (before, main, head) => {
    const news = headline(main) === head ? [] : [headline(main)];
    for (const [id, [name, word]] of states(main)) {
      const was = before.get(id);
      if (was && was[1] === word) continue;
      news.push(name + ': ' + word + '.');
      $(id).classList.add('changed');
    }
    if (news.length) say(news.join(' '));
  };

  const take = (text) => {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    const main = $('main'), now = fresh.getElementById('main');
    if (!now) return location.reload();
    const before = states(main), head = headline(main);
    const focus = document.activeElement;
    const home = focus && focus.closest && focus.closest('[id]');
    morph(main, now);
    document.title = fresh.title;
    document.querySelector('.home use').setAttribute('href', fresh.querySelector('.home use').getAttribute('href'));
    if (focus && focus !== document.body && document.activeElement !== focus) {
      const to = focus.isConnected ? focus : home && home.isConnected && home.querySelector('a, button') || main;
      to.focus({ preventScroll: true });
    }
    announce(before, main, head);
  };

  let busy = false, again = false;
  const renew = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname, { cache: 'no-store' });
      if (answer.status === 403) lost(true); else take(await answer.text());
    } catch { /* the stream says that nobody answers */ }
    busy = false;
    if (again) { again = false; renew(); }
  };
  const lost = (yes) => { if ($('lost')) $('lost').hidden = !yes; };

  const listen = () => {
    const events = new EventSource('/events?since=' + document.body.dataset.revision);
    events.addEventListener('open', () => lost(false));
    events.addEventListener('page', renew);
    events.addEventListener('error', () => {
      lost(true);
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 30000);
    });
    addEventListener('pagehide', () => events.close(), { once: true });
  };
  listen();
  addEventListener('pageshow', (e) => { if (e.persisted) { renew(); listen(); } });

  if ($('notice')) setTimeout(() => { const text = $('notice').textContent; if (text) say(text); }, 500); // what was there from the start is not read out
  // After a click that leads back to this page, it stays where it was.
  addEventListener('submit', (e) => {
    if (!e.target.action.endsWith('/act')) return;
    const place = e.submitter && e.submitter.closest('article[id]');
    sessionStorage.setItem('place', JSON.stringify([location.pathname, scrollY, place ? place.id : '']));
  });
  const [path, y, id] = JSON.parse(sessionStorage.getItem('place') || '[]');
  sessionStorage.removeItem('place');
  if (path === location.pathname) {
    const to = id && $(id) && $(id).querySelector('a, button, summary');
    if (to) to.focus({ preventScroll: true });
    scrollTo(0, y);
  }
})();
