enum RestoreTemplates {
    static let all = [("restore-new", new), ("restore-plan", plan), ("restore", restore), ("job", job)]

    private static let new = """
        {{<layout}}{{$main}}<div class="narrow stack">
        <p class="crumbs"><a href="/projects/{{project}}">{{project}}</a> / <a href="/backups/{{id}}">{{title}}</a></p><h1>Restore</h1>
        <p>Of the {{trigger}} backup of <strong>{{environment}}</strong>, {{title}}. Nothing is changed before you have seen what will be.</p>
        <form method="get" action="/backups/{{id}}/restore/plan" class="panel">
        <fieldset><legend>What to restore</legend>
        {{#parts}}<label class="choice"><input type="checkbox" name="part" value="{{value}}"{{#isChosen}} checked{{/isChosen}}><span><strong>{{title}}</strong><span class="hint">{{hint}}</span></span></label>{{/parts}}</fieldset>
        <div class="field"><label for="to">Where to</label><select id="to" name="to" required>{{#destinations}}<option{{#isChosen}} selected{{/isChosen}}>{{value}}</option>{{/destinations}}</select>
        <span class="hint">Any environment of any project in which you are an operator.</span></div>
        <div class="row"><button class="primary">Go on</button><a class="button quiet" href="/backups/{{id}}">Never mind</a></div>
        </form></div>{{/main}}{{/layout}}
        """

    private static let plan = """
        {{<layout}}{{$main}}<div class="narrow stack">
        <p class="crumbs"><a href="/projects/{{project}}">{{project}}</a> / <a href="/backups/{{id}}">{{title}}</a> / <a href="/backups/{{id}}/restore">Restore</a></p>
        <h1>Restore into {{destination}}</h1>
        {{#problems}}<p class="note {{tone}}">{{text}}</p>{{/problems}}
        <section class="panel"><h2>What will be overwritten</h2>
        <p class="note bad"><strong>The restore overwrites the content of {{destination}}.</strong></p>
        <dl class="facts">{{#overwritten}}<dt>{{title}}</dt><dd class="code">{{location}}</dd>{{/overwritten}}</dl>
        <ol class="stack">{{#steps}}<li>{{.}}</li>{{/steps}}</ol></section>
        {{#isGood}}<form method="post" action="/backups/{{id}}/restore" class="panel"><input type="hidden" name="form" value="{{frame.form}}"><input type="hidden" name="to" value="{{destination}}">
        {{#parts}}<input type="hidden" name="part" value="{{.}}">{{/parts}}
        <div class="field"><label for="confirm">To confirm, type <code>{{destination}}</code></label>
        <input id="confirm" name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" data-confirms="{{destination}}" required></div>
        <div class="row"><button type="submit" class="danger">Restore into {{destination}}</button><a class="button quiet" href="/backups/{{id}}">Never mind</a></div></form>{{/isGood}}
        {{^isGood}}<p>The restore can't start before this is solved. <a href="">Look again</a></p>{{/isGood}}
        </div>{{/main}}{{/layout}}
        """

    private static let restore = """
        {{<layout}}{{$main}}
        <div class="head"><div><p class="crumbs"><a href="/projects/{{project}}">{{project}}</a></p><h1>Restore into {{destination}}</h1>
        <p class="muted">{{source}}, begun {{when.text}} by {{author}} <span class="badge {{state.tone}}">{{state.text}}</span></p></div></div>
        {{#outcome}}<p class="note {{tone}}">{{text}}</p>{{/outcome}}
        {{#attention}}<div class="note bad"><strong>It needs you.</strong><p>{{reason}}</p><p>{{whatToDo}}</p>
        {{#mayOperate}}<form method="post" action="/restores/{{id}}/resume" class="row"><input type="hidden" name="form" value="{{frame.form}}"><button>I have done it: go on</button></form>{{/mayOperate}}</div>{{/attention}}
        <section class="panel"{{#isRunning}} data-events="/api/v1/jobs/{{id}}/events"{{/isRunning}}><h2>Steps</h2>
        <ol class="steps">{{#steps}}<li class="{{tone}}">{{title}}</li>{{/steps}}</ol>
        {{#isRunning}}<progress aria-label="Progress of this step"></progress><p class="small muted" data-words>{{waits}}</p>{{/isRunning}}</section>
        <section class="panel"><h2>About it</h2><dl class="facts"><dt>Restores</dt><dd>{{what}}</dd>
        {{#safety}}<dt>Safety backup</dt><dd><a href="/backups/{{.}}">of what was there before</a></dd>{{/safety}}
        {{#undoUntil}}<dt>Can be undone</dt><dd>until {{.}}</dd>{{/undoUntil}}<dt>Identifier</dt><dd class="code">{{id}}</dd></dl></section>
        {{#warnings}}<section class="note warn"><strong>{{title}}</strong>{{#lines}}<p class="small code">{{.}}</p>{{/lines}}</section>{{/warnings}}
        <div class="row">
        {{#mayUndo}}<form method="post" action="/restores/{{id}}/undo" class="panel narrow"><input type="hidden" name="form" value="{{frame.form}}"><h2>Undo</h2>
        <p>{{destination}} gets back what it held before this restore. What it holds now is backed up first.</p>
        <div class="field"><label for="confirm">To confirm, type <code>{{destination}}</code></label><input id="confirm" name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" data-confirms="{{destination}}" required></div>
        <div class="row"><button type="submit" class="danger">Undo</button></div></form>{{/mayUndo}}
        {{#mayCancel}}<form method="post" action="/restores/{{id}}/cancel"><input type="hidden" name="form" value="{{frame.form}}"><button>Call it off</button></form>{{/mayCancel}}
        <a class="button" href="/jobs/{{id}}">Its journal</a></div>
        {{/main}}{{/layout}}
        """

    private static let job = """
        {{<layout}}{{$main}}
        <div><p class="crumbs"><a href="/cluster">Cluster</a></p><h1>{{title}}</h1><p class="muted">Begun {{when.text}} by {{author}} <span class="badge {{state.tone}}">{{state.text}}</span></p></div>
        {{#failure}}<p class="note bad">{{.}}</p>{{/failure}}
        {{#attention}}<div class="note bad"><p>{{reason}}</p><p>{{whatToDo}}</p></div>{{/attention}}
        {{#isRunning}}<section class="panel" data-events="/api/v1/jobs/{{id}}/events"><h2>{{step}}</h2><progress aria-label="Progress"></progress><p class="small muted" data-words>{{waits}}</p></section>{{/isRunning}}
        {{#links}}<p><a class="button" href="{{address}}">{{title}}</a></p>{{/links}}
        <section class="stack"><h2>Journal</h2><div class="panel plain"><table class="wide"><tbody>
        {{#journal}}<tr><td class="muted nowrap small">{{at}}</td><td>{{text}}</td></tr>{{/journal}}</tbody></table></div></section>
        {{/main}}{{/layout}}
        """
}
