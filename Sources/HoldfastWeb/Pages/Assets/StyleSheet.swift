/// The one style sheet of all pages: one scale of type and of space, light and dark.
enum StyleSheet {
    static let text = #"""
        :root {
            color-scheme: light dark;
            --paper: #fbfaf8; --panel: #ffffff; --sunken: #f3f1ed; --line: #e0dcd4; --line-strong: #c4beb3;
            --ink: #22262b; --muted: #5d646e; --accent: #12635a; --accent-ink: #ffffff; --accent-soft: #e2f0ed;
            --good: #1c6b3c; --good-soft: #e3f3e8; --warn: #835000; --warn-soft: #fcf0d9; --bad: #a3251f;
            --bad-soft: #fbe7e5; --shadow: 0 1px 2px rgb(30 30 30 / 6%), 0 6px 20px rgb(30 30 30 / 5%);
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --paper: #15181b; --panel: #1d2125; --sunken: #24292e; --line: #343a41; --line-strong: #4d555e;
                --ink: #e8e6e1; --muted: #a5abb3; --accent: #6cc8b8; --accent-ink: #0d2421; --accent-soft: #1c3a36;
                --good: #82d19d; --good-soft: #1b3526; --warn: #ecbd6a; --warn-soft: #3a2d14; --bad: #f3988f;
                --bad-soft: #43211e; --shadow: 0 1px 2px rgb(0 0 0 / 40%);
            }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
            -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--paper); color: var(--ink); }
        h1, h2, h3 { line-height: 1.25; margin: 0; font-weight: 650; text-wrap: balance; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; } h3 { font-size: 1rem; }
        p { margin: 0; max-width: 44rem; } a { color: var(--accent); text-underline-offset: .15em; }
        small, .small { font-size: .875rem; } .muted { color: var(--muted); }
        code, .code { font: .875em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .nowrap { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; }
        time { font-variant-numeric: tabular-nums; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        .skip { position: absolute; left: -999rem; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--panel); padding: .5rem 1rem; z-index: 9; }

        .top { background: var(--panel); border-bottom: 1px solid var(--line); }
        .top-inner { max-width: 72rem; margin: 0 auto; padding: .6rem 1.25rem; display: flex; flex-wrap: wrap;
            gap: .4rem 1.5rem; align-items: center; }
        .brand { display: inline-flex; align-items: center; gap: .55rem; font-weight: 700; color: var(--ink);
            text-decoration: none; }
        .brand svg { width: 1.6rem; height: 1.6rem; color: var(--accent); }
        .top nav { display: flex; flex-wrap: wrap; gap: .15rem; flex: 1; }
        .top nav a { color: var(--muted); text-decoration: none; padding: .35rem .7rem; border-radius: .4rem; }
        .top nav a:hover { color: var(--ink); background: var(--sunken); }
        .top nav a[aria-current] { color: var(--accent); background: var(--accent-soft); font-weight: 600; }
        .top form { display: flex; gap: .75rem; align-items: center; margin: 0; }
        main { max-width: 72rem; margin: 0 auto; padding: 1.75rem 1.25rem 4rem; display: grid; gap: 1.5rem;
            grid-template-columns: minmax(0, 1fr); }
        .narrow { max-width: 42rem; width: 100%; }
        .head { display: flex; flex-wrap: wrap; gap: .75rem 1.25rem; align-items: end; justify-content: space-between; }
        .crumbs { font-size: .875rem; color: var(--muted); }
        .crumbs a { color: inherit; }
        .stack { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
        .row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
        .spread { justify-content: space-between; }
        .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); }
        .panel { background: var(--panel); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem;
            box-shadow: var(--shadow); display: grid; gap: 1rem; align-content: start;
            grid-template-columns: minmax(0, 1fr); }
        .panel.plain { padding: 0; overflow: visible; gap: 0; }
        .panel > h2 { font-size: 1.05rem; }
        .empty { text-align: center; padding: 2.5rem 1.25rem; justify-items: center; }
        .note { border-radius: .6rem; padding: .8rem 1rem; border: 1px solid var(--line); background: var(--sunken); }
        .note.good { background: var(--good-soft); color: var(--good); border-color: transparent; }
        .note.warn { background: var(--warn-soft); color: var(--warn); border-color: transparent; }
        .note.bad { background: var(--bad-soft); color: var(--bad); border-color: transparent; }

        .badge { display: inline-block; border-radius: 99rem; padding: .05rem .6rem; font-size: .8125rem; font-weight: 600;
            background: var(--sunken); color: var(--muted); white-space: nowrap; }
        .badge.good { background: var(--good-soft); color: var(--good); }
        .badge.warn { background: var(--warn-soft); color: var(--warn); }
        .badge.bad { background: var(--bad-soft); color: var(--bad); }
        .badge.accent { background: var(--accent-soft); color: var(--accent); }

        button, .button { font: inherit; font-weight: 600; border-radius: .5rem; padding: .45rem .95rem; cursor: pointer;
            border: 1px solid var(--line-strong); background: var(--panel); color: var(--ink); text-decoration: none;
            display: inline-block; min-height: 2.5rem; line-height: 1.5; }
        button:hover, .button:hover { border-color: var(--accent); color: var(--accent); }
        .primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
        .primary:hover { color: var(--accent-ink); filter: brightness(1.08); }
        .danger { background: var(--bad); border-color: var(--bad); color: var(--paper); }
        .danger:hover { color: var(--paper); border-color: var(--bad); filter: brightness(1.08); }
        button[disabled] { opacity: .5; cursor: not-allowed; filter: none; }
        .quiet { border-color: transparent; background: none; color: var(--muted); font-weight: 500; padding-inline: .5rem; }
        .small-button { min-height: 2rem; white-space: nowrap; padding: .2rem .7rem; font-size: .9375rem; }

        label, legend { font-weight: 600; } legend { padding: 0; margin-bottom: .35rem; }
        .hint { color: var(--muted); font-size: .875rem; font-weight: 400; }
        .field { display: grid; gap: .3rem; } .field > .hint { margin-top: -.15rem; }
        input, select, textarea { font: inherit; color: var(--ink); background: var(--panel); width: 100%;
            border: 1px solid var(--line-strong); border-radius: .5rem; padding: .45rem .7rem; min-height: 2.5rem; }
        input[type=checkbox], input[type=radio] { width: 1.1rem; height: 1.1rem; min-height: 0; margin: 0;
            accent-color: var(--accent); flex: none; }
        fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: .5rem; min-width: 0; }
        .choice { display: flex; gap: .7rem; align-items: start; padding: .65rem .85rem; border: 1px solid var(--line);
            border-radius: .6rem; font-weight: 400; cursor: pointer; }
        .choice:has(input:checked) { border-color: var(--accent); background: var(--accent-soft); }
        .choice input { margin-top: .2rem; } .choice strong { display: block; }
        .choices { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
        .inline { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
        .inline .field { flex: 1 1 9rem; } .inline select, .inline input { min-width: 0; }

        .tabs { display: flex; gap: .25rem; border-bottom: 1px solid var(--line); overflow-x: auto; }
        .tabs a { padding: .55rem .9rem; text-decoration: none; color: var(--muted); border-bottom: 3px solid transparent;
            white-space: nowrap; margin-bottom: -1px; }
        .tabs a:hover { color: var(--ink); }
        .tabs a[aria-current] { color: var(--accent); border-color: var(--accent); font-weight: 600; }
        .tabs .count { color: var(--muted); font-weight: 400; font-size: .875rem; }

        table { border-collapse: collapse; width: 100%; }
        th { text-align: left; font-size: .8125rem; font-weight: 600; color: var(--muted); white-space: nowrap; }
        th.number { text-align: right; }
        th, td { padding: .65rem .9rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        tbody tr:last-child td { border-bottom: 0; } tbody tr:hover { background: color-mix(in srgb, var(--sunken) 55%, transparent); }
        td p + p { margin-top: .15rem; }
        .actions { display: flex; gap: .4rem; justify-content: flex-end; align-items: center; }
        @media (max-width: 46rem) {
            .wide thead { position: absolute; left: -999rem; }
            .wide tr { display: block; padding: .8rem 1rem; border-bottom: 1px solid var(--line); }
            .wide tbody tr:last-child { border-bottom: 0; }
            .wide td { display: flex; gap: 1rem; justify-content: space-between; border: 0; padding: .2rem 0;
                text-align: right; }
            .wide td[data-label]::before { content: attr(data-label); color: var(--muted); font-size: .875rem;
                text-align: left; flex: none; }
            .wide td.lead { display: block; text-align: left; }
            .wide td.lead::before { content: none; } .wide td:empty { display: none; }
            .actions { justify-content: flex-start; padding-top: .4rem; }
            main { padding-top: 1.25rem; }
        }

        details.menu { position: relative; }
        details.menu > summary { list-style: none; cursor: pointer; border: 1px solid var(--line-strong); border-radius: .5rem;
            min-height: 2rem; padding: .2rem .7rem; font-weight: 700; background: var(--panel); }
        details.menu > summary::-webkit-details-marker { display: none; }
        details.menu > summary:hover { border-color: var(--accent); color: var(--accent); }
        .menu-items { position: absolute; right: 0; top: calc(100% + .3rem); z-index: 5; min-width: 13rem; padding: .35rem;
            background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; box-shadow: var(--shadow);
            display: grid; text-align: left; }
        .menu-items a, .menu-items button { all: unset; box-sizing: border-box; cursor: pointer; padding: .45rem .7rem;
            border-radius: .4rem; color: var(--ink); width: 100%; }
        .menu-items a:hover, .menu-items button:hover { background: var(--sunken); }
        .menu-items a:focus-visible, .menu-items button:focus-visible { outline: 3px solid var(--accent); }
        .menu-items .away { color: var(--bad); }
        @media (max-width: 46rem) { .menu-items { left: 0; right: auto; } }

        dl.facts { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .35rem 1.25rem; margin: 0; }
        dl.facts dt { color: var(--muted); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        .steps { list-style: none; margin: 0; padding: 0; display: grid; gap: .1rem; }
        .steps li { display: flex; gap: .7rem; align-items: baseline; padding: .3rem 0; color: var(--muted); }
        .steps li::before { content: "○"; width: 1.2rem; text-align: center; flex: none; }
        .steps .done { color: var(--ink); } .steps .done::before { content: "✓"; color: var(--good); font-weight: 700; }
        .steps .now { color: var(--ink); font-weight: 600; } .steps .now::before { content: "▸"; color: var(--accent); }
        .steps .stopped { color: var(--bad); font-weight: 600; } .steps .stopped::before { content: "✕"; }
        progress { width: 100%; height: .65rem; accent-color: var(--accent); border: 0; border-radius: 99rem;
            overflow: hidden; background: var(--sunken); }
        progress::-webkit-progress-bar { background: var(--sunken); }
        progress::-webkit-progress-value { background: var(--accent); transition: width .3s; }
        progress::-moz-progress-bar { background: var(--accent); }

        .calendar { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: .3rem; }
        .calendar div { border: 1px solid var(--line); border-radius: .4rem; min-height: 3.4rem; min-width: 0; overflow: hidden; padding: .25rem .4rem;
            font-size: .8125rem; }
        .calendar .blank { border-style: dashed; opacity: .4; } .calendar .weekday { border: 0; min-height: 0; color: var(--muted); }
        .months { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
        .calendar .badge { font-size: .6875rem; padding: 0 .3rem; border-radius: .3rem; white-space: normal; line-height: 1.3; }
        .calendar .today { border-color: var(--accent); border-width: 2px; }
        @media (max-width: 34rem) {
            .calendar { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
            .calendar .weekday, .calendar .blank, .calendar .none { display: none; }
            .calendar div { min-height: 0; display: flex; flex-wrap: wrap; gap: .2rem .4rem; align-items: center; }
            .calendar br { display: none; } .calendar .badge { font-size: .8125rem; }
        }
        .chart { width: 100%; height: 4.5rem; display: block; color: var(--accent); }
        .meter { height: .5rem; border-radius: 99rem; background: var(--sunken); overflow: hidden; }
        .meter svg { display: block; width: 100%; height: 100%; color: var(--accent); }
        .foot { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem 2rem; color: var(--muted); font-size: .8125rem; }
        .gate { min-height: 100vh; display: grid; place-items: center; padding: 1.25rem; }
        .gate .panel { width: min(24rem, 100%); padding: 1.75rem; }
        @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
        @media print { .top, .actions, .tabs, .foot, form { display: none; } }
        """#
}
