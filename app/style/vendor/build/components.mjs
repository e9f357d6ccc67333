// Every component once. docs.mjs turns this list into preview.html and into the contract in README.md,
// so the two cannot disagree.   i(name, extra class) is an icon.
const hidden = (t) => `<span class="govuk-visually-hidden">${t}</span>`;

export const state = {
  local: (i) => `<span class="app-state app-state--local">${i("tick-outline")}Saved on this tablet</span>`,
  sent: (i) => `<span class="app-state app-state--sent">${i("tick-solid")}Sent</span>`,
  check: (i) => `<span class="app-state app-state--check">${i("triangle-alert")}Check this</span>`,
};

export function row(i, { name, needs = [], photo = true, mark, at, state: s }) {
  const pressed = (m) => mark === m;
  return `<li class="app-row${s === "check" ? " app-row--check" : ""}">
  <div class="app-row__who">
    <h3 class="app-row__name">${name}</h3>${mark ? `
    <p class="app-row__state"><b>${mark === "here" ? "Here" : "Not here"}</b> · <span class="app-number">${at}</span> <button type="button" class="app-row__undo">Undo${hidden(` ${name}`)}</button></p>` : ""}
    <ul class="app-row__needs">${mark ? `
      <li>${state[s ?? "local"](i)}</li>` : ""}${needs.map(([icon, word]) => `
      <li class="app-tag">${i(icon, "app-icon--small")}${word}</li>`).join("")}
      <li class="app-tag${photo ? " app-tag--plain" : " app-tag--strong"}">${i(photo ? "camera" : "camera-off", "app-icon--small")}${photo ? "Photos OK" : "No photos"}</li>
    </ul>
  </div>
  <div class="app-row__marks" role="group" aria-label="${name}">
    <button type="button" class="app-mark app-mark--here" aria-pressed="${pressed("here")}">${i(pressed("here") ? "tick" : "ring")}Here</button>
    <button type="button" class="app-mark app-mark--away" aria-pressed="${pressed("away")}">${i(pressed("away") ? "cross" : "ring")}Not here</button>
    <a class="app-row__more" href="#person">More${hidden(` about ${name}`)}</a>
  </div>
</li>`;
}

const people = [
  { name: "Margaret", needs: [["access", "Step-free"], ["ear", "Hearing loop"]], photo: true, mark: "here", at: "10:04", state: "sent" },
  { name: "Devi", needs: [], photo: false, mark: "here", at: "10:04", state: "local" },
  { name: "Tom B", needs: [["people", "Support worker"]], photo: true, mark: "away", at: "10:06", state: "local" },
  { name: "Tom R", needs: [], photo: true },
  { name: "Angharad", needs: [["eye", "Large print"]], photo: true, mark: "here", at: "10:05", state: "check" },
  { name: "Bartholomew Featherstone-Hughes", needs: [["cup", "Extra breaks"], ["note", "Easy Read"], ["speech", "Polish"]], photo: false },
  { name: "Samira", needs: [], photo: true },
  { name: "Keith", needs: [["heart", "Tires quickly"]], photo: true, mark: "here", at: "10:07", state: "local" },
  { name: "Ola", needs: [], photo: true },
  { name: "Jean", needs: [["access", "Step-free"]], photo: true },
];

const header = (i, chip) => `<header class="app-header">
  <div class="app-header__row">
    <a class="app-header__name" href="#today">
      ${i("name-mark", "app-header__mark")}
      <span class="app-header__words"><span class="app-header__title">Wellfield</span><span class="app-header__programme">Barrow Hill community dig</span></span>
    </a>
    ${chip}
  </div>
  <nav class="app-header__nav" aria-label="Main">
    <ul>
      <li><a href="#today" aria-current="page">${i("home")}Today</a></li>
      <li><a href="#sent">${i("send")}Saved and sent</a></li>
      <li><a href="#check">${i("triangle-alert")}<span>Check this <span class="app-count">2</span></span></a></li>
      <li><a href="#settings">${i("settings")}Settings</a></li>
    </ul>
  </nav>
</header>`;
// What a wide screen shows, and what fits beside the name on a phone.
const fitting = (long, short) => `<span><span class="app-chip__long">${long}</span><span class="app-chip__short">${short}</span></span>`;
const chips = {
  local: (i) => `<button type="button" class="app-chip app-chip--local">${i("tick-outline")}${fitting("3 saved here, not sent", "3 not sent")}</button>`,
  sent: (i) => `<button type="button" class="app-chip app-chip--sent">${i("tick-solid")}${fitting("All sent · 2:40pm", "All sent")}</button>`,
  check: (i) => `<button type="button" class="app-chip app-chip--check">${i("triangle-alert")}Check this · 2</button>`,
  offline: (i) => `<button type="button" class="app-chip app-chip--offline">${i("no-signal")}${fitting("No signal. Carry on. 3 saved here", "No signal. 3 saved here")}</button>`,
};

const radios = (name, options) => `<div class="govuk-radios">
${options.map((o, k) => `    <div class="govuk-radios__item"><input class="govuk-radios__input" id="${name}-${k}" name="${name}" type="radio" value="${k}"${k === 1 ? " checked" : ""}><label class="govuk-label govuk-radios__label" for="${name}-${k}">${o}</label></div>`).join("\n")}
  </div>`;

const choices = (i, name, faces) => ["Not at all well", "Not very well", "All right", "Well", "Very well"].map((w, k) => `<div class="app-choice"><input class="app-choice__input" type="radio" name="${name}" id="${name}-${k}" value="${k + 1}"${k === 3 ? " checked" : ""}><label class="app-choice__label" for="${name}-${k}"><span class="app-choice__words">${w}</span>${faces ? i(`face-${k + 1}`, "app-choice__face") : ""}</label></div>`).join("\n    ");

export const art = `<svg class="app-hero__art" viewBox="0 0 1440 260" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
  <circle class="app-art-1" cx="960" cy="92" r="62"/>
  <path class="app-art-5" d="M0 118C150 70 300 62 470 96s300 44 480 6 340-38 490-4v162H0Z"/>
  <path class="app-art-7" d="M0 150c170-40 330-42 520-14s330 26 520-6 280-22 400 4v126H0Z"/>
  <g class="app-art-tent"><path d="M604 164 650 96l46 68Z"/><path d="M636 164l14-38 14 38"/><path d="M650 96V80l18 6-18 6M716 160 752 108l36 52Z"/><path d="M741 160l11-30 11 30"/></g>
  <path class="app-art-2" d="M0 178c220-36 420-34 640-14s540 26 800-8v104H0Z"/>
  <path class="app-art-line" d="M0 236c70-34 160-58 300-70M120 260c60-44 150-76 300-94M280 260c44-42 120-74 230-92M430 260c32-38 90-68 170-86M580 260c20-32 60-58 116-74"/>
  <path class="app-art-3" d="M860 208h300l52 52H800Z"/><path class="app-art-1" d="M882 222h260l9 9H872Z"/><path class="app-art-4" d="M872 231h279l28 29H842Z"/>
</svg>`;

export const components = [
  { id: "header", sheet: "both", title: "Header, chip, navigation", note: "The chip is always a button. `app-chip--local | --sent | --check | --offline`. On a phone it shows its short text, and the name of the programme goes. Public pages use the header without `nav`, with `app-switch` in `app-header__extra`.", html: (i) => header(i, chips.local(i)), bare: true },
  { id: "chips", sheet: "both", title: "Chip states", html: (i) => `<div class="app-line">${Object.values(chips).map((c) => "\n  " + c(i)).join("")}\n</div>` },
  { id: "page", sheet: "both", title: "Page frame and heading", note: "`body > .app-layout > (skip link, header, main, footer)`. `app-main--narrow` for question pages. Give the `h1` `tabindex=\"-1\"` and focus it on route change.", html: () => `<a class="govuk-skip-link" href="#main">Skip to main content</a>
<div class="app-page">
  <h1 class="app-page__heading" tabindex="-1"><span class="app-page__caption">Saturday 14 June · 10:00 to 13:00</span>Register</h1>
  <div class="app-page__actions"><a class="govuk-button govuk-button--secondary" href="#onsite">Who is on site</a></div>
</div>` },
  { id: "register", sheet: "staff", title: "Register", note: "Icon in a mark: `ring` when `aria-pressed=\"false\"`, `tick` (Here) or `cross` (Not here) when `true`. The state line is there only after a mark. `app-row--check` for two heads. Filter by removing rows.", html: (i) => `<ul class="app-summary" aria-label="So far">
  <li>${i("tick")}<span><b>4</b> here</span></li>
  <li>${i("cross")}<span><b>1</b> not here</span></li>
  <li>${i("ring")}<span><b>5</b> to mark</span></li>
</ul>
<div class="app-tools">
  <div class="app-search">${i("search")}<label class="govuk-visually-hidden" for="find">Find a name</label><input id="find" type="search" placeholder="Find a name" autocomplete="off"></div>
  <a class="govuk-button govuk-button--secondary" href="#add">${i("plus")}Add someone</a>
  <button type="button" class="govuk-button govuk-button--secondary">${i("tick")}Mark the other 5 as here</button>
</div>
<ul class="app-register">
${people.map((x) => row(i, x)).join("\n")}
</ul>`, short: (i) => `<ul class="app-summary">…as preview.html…</ul>
<div class="app-tools">…search, mark the others, add…</div>
<ul class="app-register">
${row(i, people[0])}
</ul>` },
  { id: "today", sheet: "staff", title: "Today", html: (i) => `<ul class="app-today">
  <li><a class="app-today__card" href="#register">${i("arrow-right", "app-icon--turn")}<span class="app-today__when">Today · 10:00 to 13:00</span><span class="app-today__title">Saturday dig</span><span class="app-today__meta"><span>${i("people")} 10 expected</span><span>${i("map-pin")} Lower field</span></span></a></li>
  <li><a class="app-today__card app-today__card--later" href="#register">${i("arrow-right", "app-icon--turn")}<span class="app-today__when">Tuesday · 14:00 to 16:00</span><span class="app-today__title">Finds table and tea</span><span class="app-today__meta"><span>${i("people")} 8 expected</span><span>${i("map-pin")} Village hall</span></span></a></li>
  <li><a class="app-today__card app-today__card--plain" href="#handover">${i("hand-over")}<span class="app-today__title">Hand over for answers</span>${i("arrow-right", "app-icon--turn")}</a></li>
  <li><a class="app-today__card app-today__card--plain" href="#onsite">${i("people")}<span class="app-today__title">Who is on site</span>${i("arrow-right", "app-icon--turn")}</a></li>
</ul>` },
  { id: "person", sheet: "staff", title: "A person on the day", html: (i) => `<div class="app-person">
  <div class="app-stack">
    <section class="app-card" aria-labelledby="needs-h"><h2 class="app-card__heading" id="needs-h">What helps</h2>
      <ul class="app-needs"><li class="app-tag">${i("access")}Step-free path</li><li class="app-tag">${i("ear")}Hearing loop</li><li class="app-tag app-tag--strong">${i("camera-off")}No photos</li></ul>
    </section>
    <dl class="govuk-summary-list">
      <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">Arrived</dt><dd class="govuk-summary-list__value">10:04</dd><dd class="govuk-summary-list__actions"><a class="govuk-link" href="#late">Change${hidden(" arrival time")}</a></dd></div>
      <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">Agreed support</dt><dd class="govuk-summary-list__value">A seat near the trench. A break every 30 minutes.</dd></div>
      <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">Left early</dt><dd class="govuk-summary-list__value">Not recorded</dd><dd class="govuk-summary-list__actions"><a class="govuk-link" href="#left">Add${hidden(" time left")}</a></dd></div>
    </dl>
  </div>
  <section class="app-contact" aria-labelledby="ice"><h2 class="app-contact__title" id="ice">Emergency contact</h2><p class="app-contact__name">Ruth, sister</p><a class="app-contact__call" href="tel:01632960123">${i("phone")}01632 960 123</a></section>
</div>` },
  { id: "onsite", sheet: "staff", title: "Who is on site", html: (i) => `<p class="app-onsite__count"><b>9</b> people on site now</p>
<ul class="app-onsite">
  <li><span class="app-onsite__name">Margaret<small>Here since 10:04 · Step-free</small></span><a class="govuk-button govuk-button--secondary" href="tel:01632960123">${i("phone")}Call Ruth, sister</a></li>
  <li><span class="app-onsite__name">Devi<small>Here since 10:04</small></span><a class="govuk-button govuk-button--secondary" href="tel:01632960124">${i("phone")}Call Anil, son</a></li>
</ul>` },
  { id: "check", sheet: "staff", title: "Check this", html: (i) => `<section class="app-check" aria-labelledby="c1"><h2 class="app-check__title" id="c1">${i("triangle-alert")}Two different answers for Angharad</h2><p class="app-check__why">Two tablets said different things. Both are kept. Choose the right one.</p>
  <div class="app-check__versions">
    <div class="app-check__version"><p class="app-check__value">Here</p><p class="app-check__by">10:04 · Ann · Tablet 2</p><button type="button" class="govuk-button govuk-button--secondary"><span>Use “Here”${hidden(", 10:04 · Ann · Tablet 2")}</span></button></div>
    <div class="app-check__version"><p class="app-check__value">Not here</p><p class="app-check__by">10:06 · Raj · Tablet 1</p><button type="button" class="govuk-button govuk-button--secondary"><span>Use “Not here”${hidden(", 10:06 · Raj · Tablet 1")}</span></button></div>
  </div>
  <p class="app-check__after">You can undo this. <button type="button" class="app-link">Decide later</button></p>
</section>` },
  { id: "sent", sheet: "staff", title: "Saved and sent", note: "`app-list` is the plain list for anything: one row, words at the start, action or state at the end.", html: (i) => `<div class="app-progress"><p class="app-progress__label"><label for="sending">Sending</label><span class="app-number">2 of 3</span></p><progress class="app-progress__bar" id="sending" max="3" value="2">2 of 3</progress></div>
<section class="app-sent"><h2 class="app-sent__heading">${state.local(i)}</h2>
  <ul class="app-list">
    <li><span class="app-list__main">Register · Saturday dig<small>3 marks · 10:04 to 10:07</small></span>${state.local(i)}</li>
    <li><span class="app-list__main">Session note<small>10:32</small></span>${state.sent(i)}</li>
    <li><span class="app-list__main">Angharad<small>Two marks</small></span>${state.check(i)}</li>
    <li><a class="app-list__link" href="#x"><span class="app-list__main">A row that is a link<small>All of it is the target</small></span>${i("arrow-right", "app-icon--turn")}</a></li>
  </ul>
</section>
<div class="govuk-button-group"><button type="button" class="govuk-button">${i("send")}Send now</button><button type="button" class="govuk-button govuk-button--secondary">Save a safety copy</button></div>` },
  { id: "consent", sheet: "staff", title: "Consent", note: "`app-consent__status--given | --refused | --withdrawn | --unasked`.", html: (i) => `<ul class="app-consent">
  <li><span class="app-consent__purpose">Take part and be on the register</span><span class="app-consent__status app-consent__status--given">${i("tick-solid")}Given</span><button type="button" class="govuk-button govuk-button--secondary">Change${hidden(" taking part")}</button></li>
  <li><span class="app-consent__purpose">Photos of you<small>For the newsletter and website</small></span><span class="app-consent__status app-consent__status--refused">${i("cross")}Refused</span><button type="button" class="govuk-button govuk-button--secondary">Change${hidden(" photos")}</button></li>
  <li><span class="app-consent__purpose">Tell your link worker how it went</span><span class="app-consent__status app-consent__status--withdrawn">${i("undo")}Withdrawn</span><button type="button" class="govuk-button govuk-button--secondary">Change${hidden(" telling the link worker")}</button></li>
  <li><span class="app-consent__purpose">Use your answers in research</span><span class="app-consent__status app-consent__status--unasked">${i("ring")}Not asked</span><button type="button" class="govuk-button govuk-button--secondary">Ask${hidden(" about research")}</button></li>
</ul>` },
  { id: "stats", sheet: "staff", title: "Coordinator", note: "`app-stat--wait` (ochre) and `app-stat--act` (clay). Cells of `app-table` carry `data-label` for phones.", html: (i) => `<dl class="app-stats">
  <div class="app-stat"><dt>people taking part</dt><dd>34</dd></div>
  <div class="app-stat app-stat--wait"><dt>referrals waiting</dt><dd>5</dd></div>
  <div class="app-stat app-stat--act"><dt>to check</dt><dd>2</dd></div>
  <div class="app-stat"><dt>answered before and after</dt><dd>18<span class="app-stat__note"> of 34</span></dd></div>
</dl>
<div class="app-flag">${i("flag")}<div class="app-flag__body"><p><b>Referral from Dr Lane has waited 6 days.</b></p><a class="govuk-link" href="#r">Open the referral</a></div></div>
<div class="app-flag app-flag--safeguarding">${i("shield")}<div class="app-flag__body"><p><b>1 safeguarding concern is open.</b> Only the safeguarding lead can read it.</p></div></div>
<div class="app-table"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--m">Devices</caption>
  <thead><tr><th scope="col" class="govuk-table__header">Tablet</th><th scope="col" class="govuk-table__header">Last contact</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">Not sent</th><th scope="col" class="govuk-table__header">State</th></tr></thead>
  <tbody><tr><th scope="row" class="govuk-table__header">Tablet 1</th><td class="govuk-table__cell" data-label="Last contact">Today 10:40</td><td class="govuk-table__cell govuk-table__cell--numeric" data-label="Not sent">0</td><td class="govuk-table__cell" data-label="State"><span class="app-tag app-tag--moss">${i("tick")}In use</span></td></tr>
  <tr><th scope="row" class="govuk-table__header">Tablet 2</th><td class="govuk-table__cell" data-label="Last contact">3 June</td><td class="govuk-table__cell govuk-table__cell--numeric" data-label="Not sent">Unknown</td><td class="govuk-table__cell" data-label="State"><span class="app-tag app-tag--clay">${i("lock")}Wipe asked for</span></td></tr></tbody></table></div>` },
  { id: "setup", sheet: "staff", title: "Set up and code", html: (i) => `<code class="app-code">HAZEL 4821 BARROW</code>
<ol class="app-tasks">
  <li><span class="app-tasks__name">Add Wellfield to the home screen</span><span class="app-tag app-tag--moss">${i("tick")}Done</span></li>
  <li><span class="app-tasks__name"><a class="govuk-link" href="#k">Keep records on this tablet</a><small>So the browser does not clear them</small></span><span class="app-tag">To do</span></li>
</ol>` },
  { id: "findings", sheet: "staff", title: "Reports", note: "SVG charts use `app-chart__…` classes for stroke and fill. `app-sheet` is a printable page, `app-no-print` and `app-only-print` do what they say, `app-interrupt` is the page before something that cannot be undone.", html: () => `<section class="app-finding"><h2 class="app-finding__title">People felt more satisfied after the dig</h2><p class="app-finding__basis">18 people answered both times, of 34. March to June.</p>
<svg class="app-chart" viewBox="0 0 480 200" role="img" aria-labelledby="ch"><title id="ch">Life satisfaction before and after, 18 people</title><path class="app-chart__grid" d="M90 20H390M90 100H390"/><path class="app-chart__axis" d="M90 10V180M390 10V180"/><path class="app-chart__line" d="M90 140 390 90M90 120 390 110M90 90 390 60M90 150 390 80M90 100 390 105"/><path class="app-chart__line app-chart__line--main" d="M90 120 390 82"/><circle class="app-chart__dot--main" cx="90" cy="120" r="6"/><circle class="app-chart__dot--main" cx="390" cy="82" r="6"/><text x="80" y="125" text-anchor="end" class="app-chart__label">5</text><text x="402" y="87" class="app-chart__label">7 typical</text><text x="90" y="198" text-anchor="middle">Before</text><text x="390" y="198" text-anchor="middle">After</text></svg></section>
<blockquote class="app-quote"><p>I found a bit of pot nobody had touched for two thousand years.</p><footer>Participant, with consent</footer></blockquote>` },
  { id: "notices", sheet: "both", title: "Notices, empty state", note: "`role=\"alert\"` only when it appears after an action. The GOV.UK panel, notification banner, warning text, error summary and inset text are there too.", html: (i) => `<div class="app-notice app-notice--info">${i("info")}<div class="app-notice__body"><p class="app-notice__title">A new version is ready</p><p>It takes a few seconds.</p><div class="app-notice__actions"><button type="button" class="govuk-button">Update now</button><button type="button" class="govuk-button govuk-button--secondary">Later</button></div></div></div>
<div class="app-notice app-notice--warn">${i("triangle-alert")}<div class="app-notice__body"><p class="app-notice__title">This tablet is nearly full</p><p>Send what is saved, then it makes room.</p></div></div>
<div class="app-notice app-notice--error" role="alert">${i("cross")}<div class="app-notice__body"><p class="app-notice__title">This was not saved</p><p>The tablet has no room left. Write it on paper and tell the coordinator.</p></div></div>
<div class="app-empty">${i("calendar")}<p class="app-empty__title">No sessions today</p><p>The next is the Saturday dig on 14 June.</p><a class="govuk-button govuk-button--secondary" href="#all">See all sessions</a></div>` },
  { id: "display", sheet: "both", title: "Language, text size, theme", html: (i) => `<div class="app-display app-card">
  <div role="group" aria-labelledby="d1"><h2 class="app-display__title" id="d1">Language</h2><div class="app-display__options"><button type="button" class="app-option" aria-pressed="true" lang="en">English</button><button type="button" class="app-option" aria-pressed="false" lang="cy">Cymraeg</button></div></div>
  <div role="group" aria-labelledby="d2"><h2 class="app-display__title" id="d2">Text size</h2><div class="app-display__options"><button type="button" class="app-option" aria-pressed="true">Usual</button><button type="button" class="app-option app-option--large" aria-pressed="false">Large</button><button type="button" class="app-option app-option--largest" aria-pressed="false">Largest</button></div></div>
  <div role="group" aria-labelledby="d3"><h2 class="app-display__title" id="d3">Screen</h2><div class="app-display__options"><button type="button" class="app-option" aria-pressed="true">Same as the tablet</button><button type="button" class="app-option" aria-pressed="false">${i("sun")}Bright sun</button><button type="button" class="app-option" aria-pressed="false">${i("moon")}Dark</button></div></div>
</div>` },
  { id: "forms", sheet: "both", title: "Forms", note: "GOV.UK Frontend 6 markup, unchanged: input, textarea, select, radios, checkboxes, date input, fieldset, hint, error message, error summary, details, back link, summary list, panel, warning text.", html: (i) => `<a class="govuk-back-link" href="#back">Back</a>
<div class="govuk-error-summary" tabindex="-1"><div role="alert"><h2 class="govuk-error-summary__title">There is a problem</h2><div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list"><li><a href="#fn">Enter a first name</a></li></ul></div></div></div>
<div class="govuk-form-group govuk-form-group--error"><label class="govuk-label" for="fn">First name</label><div class="govuk-hint" id="fn-h">What would you like us to call you?</div><p class="govuk-error-message" id="fn-e">${hidden("Error: ")}Enter a first name</p><input class="govuk-input govuk-input--error" id="fn" aria-describedby="fn-h fn-e"></div>
<div class="govuk-form-group"><fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend govuk-fieldset__legend--m"><h2 class="govuk-fieldset__heading">How did you hear about us?</h2></legend>
  ${radios("hear", ["From my doctor or link worker", "From a friend", "Somewhere else"])}</fieldset></div>
<div class="govuk-form-group"><fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">What would help you?</legend><div class="govuk-checkboxes">
    <div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="h1" type="checkbox" checked><label class="govuk-label govuk-checkboxes__label" for="h1">A seat</label></div>
    <div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="h2" type="checkbox" aria-describedby="h2h"><label class="govuk-label govuk-checkboxes__label" for="h2">A hearing loop</label><div class="govuk-hint govuk-checkboxes__hint" id="h2h">We bring a portable one</div></div>
  </div></fieldset></div>
<div class="govuk-form-group"><label class="govuk-label" for="sel">Support worker</label><select class="govuk-select" id="sel"><option>Nobody yet</option></select></div>
<div class="govuk-form-group"><label class="govuk-label" for="ta">Note</label><textarea class="govuk-textarea" id="ta" rows="3"></textarea></div>
<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">What happens to my answers</span></summary><div class="govuk-details__text">They are kept safe and only used to run the sessions.</div></details>
<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text">${hidden("Warning ")}Wiping this tablet cannot be undone.</strong></div>
<div class="govuk-button-group"><button type="submit" class="govuk-button">Continue</button><button type="button" class="govuk-button govuk-button--secondary">Save for later</button><button type="button" class="govuk-button govuk-button--warning">Wipe this tablet</button><a class="govuk-link" href="#cancel">Cancel</a></div>` },
  { id: "panel", sheet: "both", title: "Confirmation", note: "The filled panel only for what arrived. What waits has `app-panel--waiting` and the clock, what has to be put right `app-panel--refused`, and `app-panel--nothing` says that there is nothing.", html: (i) => `<div class="govuk-panel">${i("tick-solid", "app-icon--big")}<h1 class="govuk-panel__title">Thank you. We have your details</h1><div class="govuk-panel__body">Bethan will ring you by Friday 20 June.</div></div>
<div class="govuk-panel app-panel--waiting">${i("clock", "app-icon--big")}<h1 class="govuk-panel__title">Saved on this phone, not sent yet</h1><div class="govuk-panel__body">Your reference: 4F2K-90TX</div></div>` },
  { id: "scale", sheet: "both", title: "0 to 10", html: () => `<fieldset class="app-scale"><legend class="govuk-fieldset__legend govuk-fieldset__legend--m">How satisfied are you with your life nowadays?</legend>
  <p class="app-scale__ends" aria-hidden="true"><span>0 · Not at all</span><span>10 · Completely</span></p>
  <div class="app-scale__steps">${[...Array(11).keys()].map((k) => `\n    <div class="app-scale__step"><input type="radio" name="sat" id="sat-${k}" value="${k}"${k === 7 ? " checked" : ""}><label for="sat-${k}">${k}${k === 0 ? `<span class="app-scale__word">Not at all</span>` : k === 10 ? `<span class="app-scale__word">Completely</span>` : ""}</label></div>`).join("")}
  </div></fieldset>` },
  { id: "kiosk", sheet: "staff", title: "Hand-over: one question", note: "Alone on the page: `body > .app-kiosk`. Faces are optional; words always. `app-choice--many` for checkboxes, `app-choices--short` for a grid, `app-choices__apart` on 'I do not want to answer'. On one's own phone (`/r/`) use `app-choice` and `app-stop` without `app-kiosk`.", bare: true, html: (i) => `<form class="app-kiosk">
  <div class="app-kiosk__bar"><span class="app-kiosk__where">Question 2 of 6</span><div class="app-switch"><button type="button" class="app-option">Language and text</button><button type="button" class="app-stop">${i("cross")}Stop</button></div></div>
  <main class="app-kiosk__main" id="main"><fieldset class="app-choices"><legend class="app-kiosk__question"><h1 tabindex="-1">How do you feel just now?</h1></legend>
    ${choices(i, "feel", true)}
  </fieldset>
  <div class="app-kiosk__actions"><button type="submit" class="govuk-button">Continue</button><button type="button" class="app-link">I do not want to answer</button></div></main>
  <p class="app-kiosk__ask">${i("speech")}You can ask Bethan for help at any time.</p>
</form>` },
  { id: "give", sheet: "staff", title: "Hand-over: give the tablet", bare: true, html: (i) => `<div class="app-kiosk"><main class="app-kiosk__main"><h1 class="app-kiosk__question">Give the tablet to <span class="app-kiosk__name">Sam</span></h1><p class="app-kiosk__help">They will see only the questions.</p><button type="button" class="app-listen">${i("listen")}Listen</button><div class="app-kiosk__actions"><button type="button" class="govuk-button">I am Sam. Start</button></div></main></div>` },
  { id: "thanks", sheet: "staff", title: "Hand-over: thank you", bare: true, html: (i) => `<div class="app-kiosk"><main class="app-kiosk__main"><div class="app-thanks">${i("tick-outline")}<h1 class="app-thanks__title">Thank you</h1><p>Your answers are private.</p><p>Please give the tablet back.</p></div></main></div>` },
  { id: "lock", sheet: "staff", title: "Lock", bare: true, html: (i) => `<main class="app-lock">${i("name-mark", "app-header__mark")}<h1 class="app-lock__title">Locked</h1><p class="app-lock__text">Enter your PIN to carry on. What you saved is safe.</p>
  <ul class="app-lock__dots" aria-hidden="true"><li class="app-lock__dot app-lock__dot--on"></li><li class="app-lock__dot app-lock__dot--on"></li><li class="app-lock__dot"></li><li class="app-lock__dot"></li></ul>
  <div class="app-pad">${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => `<button type="button" class="app-pad__key">${d}</button>`).join("")}<button type="button" class="app-pad__key app-pad__key--word">Clear</button><button type="button" class="app-pad__key">0</button><button type="button" class="app-pad__key app-pad__key--word">Unlock</button></div>
  <button type="button" class="app-link">Use this tablet's own lock instead</button></main>` },
  { id: "hero", sheet: "public", title: "Public page", bare: true, note: "`app-hero__art` is decorative: `aria-hidden`, hidden in the sun theme and in print.", html: (i) => `<header class="app-header"><div class="app-header__row"><a class="app-header__name" href="#r">${i("name-mark", "app-header__mark")}<span class="app-header__words"><span class="app-header__title">Wellfield</span><span class="app-header__programme">Barrow Hill community dig</span></span></a>
  <div class="app-header__extra"><nav class="app-switch" aria-label="Language"><a class="app-option" href="#en" lang="en" aria-current="true">English</a><a class="app-option" href="#cy" lang="cy">Cymraeg</a></nav></div></div></header>
<main id="main">
<div class="app-hero"><div class="app-hero__inner"><h1 class="app-hero__title">Dig, walk and talk in good company</h1><p class="app-hero__lead">Twelve Saturdays on a real archaeological dig. No experience needed. Come as you are and go at your own pace.</p><div class="app-hero__actions"><a class="govuk-button govuk-button--start" href="#refer">Refer myself</a><a class="app-link" href="#gp">I am a link worker</a></div></div>
${art}</div>
<div class="app-main">
<dl class="app-facts">
  <div class="app-fact">${i("map-pin")}<dt>Where</dt><dd>Lower field, Barrow Hill. Meet at the farm gate.</dd></div>
  <div class="app-fact">${i("calendar")}<dt>When</dt><dd>Saturdays, 10am to 1pm, 7 June to 23 August.</dd></div>
  <div class="app-fact">${i("pound")}<dt>Cost</dt><dd>Free. We can pay your bus fare.</dd></div>
  <div class="app-fact">${i("bus")}<dt>Getting there</dt><dd>Bus 14 stops at the gate. We can meet you there.</dd></div>
</dl>
<h2 class="govuk-heading-m">What is there for you</h2>
<ul class="app-can"><li>${i("access")}Step-free path to the trench</li><li>${i("toilet")}Accessible toilet on site</li><li>${i("ear")}Portable hearing loop</li><li>${i("cup")}Tea and a warm place to sit</li></ul>
<h2 class="govuk-heading-m">What happens next</h2>
<ol class="app-steps"><li>You tell us a little about you. It takes about 5 minutes.</li><li>Bethan rings you within a week.</li><li>You come and visit. Bring someone if you like.</li></ol>
<div class="app-refer"><h2 class="app-refer__title">Ready to try it?</h2><a class="govuk-button govuk-button--start" href="#refer">Refer myself</a><p class="govuk-body">Or ring 01632 960 100, or ask any member of staff.</p></div>
</div></main>` },
  { id: "offers", sheet: "public", title: "Several programmes", html: (i) => `<ul class="app-offers">
  <li><a class="app-offer" href="#offer"><span class="app-offer__name">Barrow Hill community dig</span><span class="app-offer__fact">${i("map-pin")}<span>${hidden("Where: ")}Lower field, Barrow Hill.</span></span><span class="app-offer__fact">${i("calendar")}<span>${hidden("When: ")}Saturdays, 10am to 1pm.</span></span>${i("arrow-right", "app-icon--turn app-offer__go")}</a></li>
</ul>` },
  { id: "footer", sheet: "both", title: "Footer", bare: true, html: () => `<footer class="app-footer"><div class="app-footer__inner"><p>Run by Barrow Hill Heritage Trust. Not an NHS or government website.</p><p><a href="#privacy">Privacy</a><a href="#access">Accessibility</a><a href="#licences">Licences</a></p></div></footer>` },
];
