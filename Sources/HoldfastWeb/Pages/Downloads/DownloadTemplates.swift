enum DownloadTemplates {
    static let all = [("download-new", new), ("downloads", list), ("download", one)]

    private static let new = """
        {{<layout}}{{$main}}<div class="narrow stack">
        <p class="crumbs"><a href="/projects/{{project}}">{{project}}</a> / <a href="/backups/{{id}}">{{title}}</a></p><h1>Prepare download</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <fieldset><legend>What to download</legend>
        {{#parts}}<label class="choice"><input type="checkbox" name="part" value="{{value}}" checked><span><strong>{{title}}</strong><span class="hint">{{hint}}</span></span></label>{{/parts}}</fieldset>
        <div class="field"><label for="mail">Mail the links to</label><input id="mail" name="mail" type="email" value="{{mail}}" autocomplete="email">
        <span class="hint">{{mailHint}}</span></div>
        <div class="field"><label for="days">The links work for</label><select id="days" name="days"><option value="1">a day</option><option value="7" selected>a week</option><option value="30">30 days</option></select></div>
        <p class="small muted">Everything is read and checked before it is ready, which takes a while. You can close this page meanwhile.</p>
        <div class="row"><button class="primary">Prepare download</button><a class="button quiet" href="/backups/{{id}}">Never mind</a></div></form></div>
        {{/main}}{{/layout}}
        """

    private static let list = """
        {{<layout}}{{$main}}<h1>Downloads</h1>
        {{^rows}}<div class="panel empty"><h2>No downloads</h2><p>Choose a backup, and “Prepare download” from its options.</p></div>{{/rows}}
        {{#hasRows}}<div class="panel plain"><table class="wide"><thead><tr><th>Prepared</th><th>Of</th><th>What</th><th class="number">Size</th><th>State</th><th>Works until</th></tr></thead><tbody>
        {{#rows}}<tr><td class="lead"><a href="/downloads/{{id}}">{{when.text}}</a></td><td data-label="Of">{{environment}}</td><td data-label="What">{{what}}</td><td data-label="Size" class="number">{{size}}</td>
        <td data-label="State"><span class="badge {{state.tone}}">{{state.text}}</span></td><td data-label="Works until">{{until}}</td></tr>{{/rows}}</tbody></table></div>{{/hasRows}}
        {{/main}}{{/layout}}
        """

    private static let one = """
        {{<layout}}{{$main}}
        <div><p class="crumbs"><a href="/downloads">Downloads</a></p><h1>Download of {{environment}}</h1>
        <p class="muted">Of the backup of <a href="/backups/{{backup}}">{{backupTitle}}</a>, by {{author}} <span class="badge {{state.tone}}">{{state.text}}</span></p></div>
        {{#failure}}<p class="note bad">{{.}}</p>{{/failure}}
        {{#job}}<section class="panel" data-events="/api/v1/jobs/{{.}}/events"><h2>It is being prepared</h2><progress aria-label="Progress"></progress><p class="small muted" data-words></p>{{#mail}}<p class="small">The links go to {{.}} when it is ready.</p>{{/mail}}</section>{{/job}}
        {{#files}}<section class="panel"><div class="row spread"><h2>{{name}}</h2>{{#link}}<a class="button primary" href="{{.}}" download>Download {{size}}</a>{{/link}}</div>
        <dl class="facts small"><dt>Content</dt><dd>{{content}}</dd><dt>Size</dt><dd>{{bytes}} bytes</dd><dt>SHA-256</dt><dd class="code">{{sha256}}</dd>
        {{#curl}}<dt>On a server</dt><dd><code id="curl-{{number}}">{{.}}</code> <button class="small-button" data-copies="curl-{{number}}" type="button" hidden>Copy</button></dd>{{/curl}}</dl></section>{{/files}}
        {{#until}}<p class="muted">The links work until {{.}}. Whoever has one can fetch the file.</p>{{/until}}
        {{#mayRevoke}}<form method="post" action="/downloads/{{id}}/revoke"><input type="hidden" name="form" value="{{frame.form}}"><button>Revoke the links</button></form>{{/mayRevoke}}
        {{/main}}{{/layout}}
        """
}
