enum ScheduleTemplates {
    static let all = [("schedules", schedules), ("calendar", calendar)]

    private static let calendar = """
        <section class="stack"><h3>{{title}}</h3><div class="calendar">
        {{#weekdays}}<div class="weekday">{{.}}</div>{{/weekdays}}
        {{#days}}<div class="{{tone}}">{{number}}{{#marks}}<br><span class="badge {{tone}}" title="{{title}}">{{text}}</span>{{/marks}}</div>{{/days}}</div></section>
        """

    private static let schedules = """
        {{<layout}}{{$main}}
        <div><p class="crumbs"><a href="/projects">Projects</a> / <a href="/projects/{{project}}">{{project}}</a></p><h1>Schedules and retention</h1></div>
        <div class="tabs" role="navigation" aria-label="Environments">{{#tabs}}<a href="{{address}}"{{#isHere}} aria-current="page"{{/isHere}}>{{title}}</a>{{/tabs}}</div>
        {{^environment}}<div class="panel empty"><p>The project has no environments yet.</p></div>{{/environment}}
        {{#environment}}
        {{#alarm}}<p class="note warn">{{.}}</p>{{/alarm}}
        {{#notices}}<p class="note warn">{{.}}</p>{{/notices}}
        <section class="panel"><div class="row spread"><h2>Schedule of {{name}}</h2>{{#paused}}<span class="badge warn">paused</span>{{/paused}}</div>
        {{#schedule}}<dl class="facts"><dt>When</dt><dd>{{when}}</dd><dt>What</dt><dd>{{what}}</dd><dt>Next runs</dt><dd>{{next}}</dd><dt>Last run</dt><dd>{{last}}</dd></dl>
        {{#mayOwn}}<div class="row">
        {{^paused}}<form method="post" action="{{path}}/pause"><input type="hidden" name="form" value="{{frame.form}}"><button>Pause</button></form>{{/paused}}
        {{#paused}}<form method="post" action="{{path}}/resume"><input type="hidden" name="form" value="{{frame.form}}"><button>Go on</button></form>{{/paused}}</div>{{/mayOwn}}{{/schedule}}
        {{^schedule}}<p>Nothing is backed up by itself here.</p>{{/schedule}}
        {{#mayOwn}}<form method="post" action="{{path}}" class="stack"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="inline"><div class="field"><label for="timing">How often</label><select id="timing" name="timing">{{#timings}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/timings}}</select></div>
        <div class="field"><label for="cron">As cron has it</label><input id="cron" name="cron" value="{{cron}}" placeholder="30 2 * * *" spellcheck="false"></div>
        <div class="field"><label for="zone">Time zone</label><input id="zone" name="zone" value="{{zone}}" placeholder="Europe/Zurich" spellcheck="false"></div>
        <div class="field"><label for="what">What</label><select id="what" name="what">{{#whats}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/whats}}</select></div></div>
        <div class="row"><button class="primary">Save schedule</button></div></form>{{/mayOwn}}</section>
        <section class="panel"><h2>What is kept</h2>
        <form method="get" class="stack" id="rules"><input type="hidden" name="environment" value="{{name}}">
        <div class="inline">{{#rules}}<div class="field"><label for="{{key}}">{{title}}</label><input id="{{key}}" name="{{key}}" type="number" min="0" max="36500" value="{{value}}"></div>{{/rules}}</div>
        <div class="row"><button>Show what it would keep</button></div></form>
        {{#mayOwn}}<form method="post" action="{{path}}/retention" class="row"><input type="hidden" name="form" value="{{frame.form}}">
        {{#rules}}<input type="hidden" name="{{key}}" value="{{value}}">{{/rules}}
        {{#isTried}}<p class="note warn">This is a preview. Nothing is saved yet.</p><button class="primary">Save these rules</button><a class="button quiet" href="?environment={{name}}">Never mind</a>{{/isTried}}</form>{{/mayOwn}}
        </section>
        <section class="stack"><h2>{{previewTitle}}</h2>
        <p class="muted">Each backup on the day it was made, and below, when it goes if every planned backup succeeds.</p>
        <div class="months">{{#months}}{{>calendar}}{{/months}}</div>
        <div class="panel plain"><table class="wide"><thead><tr><th>Backup</th><th>Kind</th><th>Goes</th><th>Why it is kept</th></tr></thead><tbody>
        {{#entries}}<tr><td class="lead"><a href="/backups/{{id}}">{{when}}</a></td><td data-label="Kind">{{kind}}</td><td data-label="Goes">{{goes}}</td><td data-label="Why" class="muted">{{why}}</td></tr>{{/entries}}
        {{^entries}}<tr><td class="lead muted">No backups yet.</td></tr>{{/entries}}</tbody></table></div></section>
        {{/environment}}
        {{/main}}{{/layout}}
        """
}
