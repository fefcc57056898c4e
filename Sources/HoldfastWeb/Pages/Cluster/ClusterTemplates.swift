enum ClusterTemplates {
    static let all = [("cluster", cluster), ("activity", activity)]

    private static let cluster = """
        {{<layout}}{{$main}}
        <div class="head"><div><h1>Cluster</h1><p class="muted">Holdfast {{version}}. The coordinator has led since {{since.text}} ({{since.distance}}), in epoch {{epoch}}.</p></div>{{#isAdministrator}}<a class="button" href="/notices">Notices</a>{{/isAdministrator}}</div>
        {{#alarm}}<p class="note warn">{{.}}</p>{{/alarm}}
        {{#regions}}<section class="stack"><h2>Region {{name}}</h2><div class="grid">{{#nodes}}<div class="panel"><div class="row spread"><h3>{{name}}</h3><span class="badge {{state.tone}}">{{state.text}}</span></div>
        <dl class="facts small"><dt>Seen</dt><dd>{{seen}}</dd><dt>Keeps</dt><dd>{{keeps}}</dd><dt>Free</dt><dd>{{free}}</dd></dl>
        {{#full}}<div class="meter" role="img" aria-label="{{.}} percent of the disk are in use"><svg viewBox="0 0 100 1" preserveAspectRatio="none"><rect width="{{.}}" height="1" fill="currentColor"/></svg></div>{{/full}}
        {{#trouble}}<p class="small note warn">{{.}}</p>{{/trouble}}</div>{{/nodes}}</div></section>{{/regions}}
        <section class="stack"><h2>Jobs</h2>
        {{^jobs}}<div class="panel empty"><p class="muted">Nothing is under way.</p></div>{{/jobs}}
        {{#hasJobs}}<div class="panel plain"><table class="wide"><thead><tr><th>Job</th><th>Of</th><th>State</th><th>Step</th><th>Since</th></tr></thead><tbody>
        {{#jobs}}<tr><td class="lead"><a href="/jobs/{{id}}">{{kind}}</a></td><td data-label="Of">{{environment}}</td><td data-label="State"><span class="badge {{state.tone}}">{{state.text}}</span></td>
        <td data-label="Step">{{step}}{{#waits}}<p class="small muted">{{.}}</p>{{/waits}}</td><td data-label="Since">{{since.distance}}</td></tr>{{/jobs}}</tbody></table></div>{{/hasJobs}}</section>
        {{/main}}{{/layout}}
        """

    private static let activity = """
        {{<layout}}{{$main}}
        <div class="head"><div><h1>Activity</h1><p class="muted">Who changed what, when, and from where.</p></div></div>
        <form method="get" class="inline small"><div class="field"><label for="project">Project</label><select id="project" name="project" data-submits>
        {{#mayAll}}<option value="">all</option>{{/mayAll}}{{#projects}}<option{{#isChosen}} selected{{/isChosen}}>{{value}}</option>{{/projects}}</select></div>
        <div class="field"><label for="user">Who</label><input id="user" name="user" value="{{user}}"></div><button class="small-button">Show</button></form>
        {{^rows}}<div class="panel empty"><p class="muted">{{empty}}</p></div>{{/rows}}
        {{#hasRows}}<div class="panel plain"><table class="wide"><thead><tr><th>When</th><th>Who</th><th>What</th><th>From</th><th>Result</th></tr></thead><tbody>
        {{#rows}}<tr><td class="lead nowrap"><time datetime="{{when.machine}}">{{when.text}}</time></td><td data-label="Who">{{who}}</td><td data-label="What" class="code">{{what}}</td><td data-label="From">{{from}}</td>
        <td data-label="Result"><span class="badge {{result.tone}}">{{result.text}}</span></td></tr>{{/rows}}</tbody></table></div>
        {{#more}}<p><a class="button" href="{{.}}">Older ones</a></p>{{/more}}{{/hasRows}}
        {{/main}}{{/layout}}
        """
}
