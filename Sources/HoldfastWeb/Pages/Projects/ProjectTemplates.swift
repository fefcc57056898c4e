enum ProjectTemplates {
    static let notices = """
        {{<layout}}{{$main}}
        <div><p class="crumbs">{{#project}}<a href="/projects/{{.}}">{{.}}</a>{{/project}}{{^project}}<a href="/cluster">Cluster</a>{{/project}}</p><h1>Notices</h1>
        <p class="muted">{{#project}}Who is told when something happens to this project.{{/project}}{{^project}}Who is told of everything that happens in the cluster.{{/project}}</p></div>
        {{^hasReceivers}}<div class="panel empty"><h2>Nobody is told anything</h2><p>Add an address below, and you hear of backups that fail before you need them.</p></div>{{/hasReceivers}}
        {{#hasReceivers}}<div class="panel plain"><table class="wide"><thead><tr><th>Who</th><th>When</th><th>Last told</th><th><span class="skip">Actions</span></th></tr></thead><tbody>
        {{#receivers}}<tr><td class="lead"><strong>{{place}}</strong>{{#failure}}<p class="small note bad">{{.}}</p>{{/failure}}</td><td data-label="When">{{kinds}}</td><td data-label="Last told">{{last}}{{#waiting}}<p class="small muted">{{.}}</p>{{/waiting}}</td>
        <td><div class="actions"><form method="post" action="{{base}}/{{id}}/test"><input type="hidden" name="form" value="{{form}}"><button class="small-button" aria-label="Send a test to {{place}}">Send a test</button></form>
        <form method="post" action="{{base}}/{{id}}/remove"><input type="hidden" name="form" value="{{form}}"><button class="small-button" aria-label="Remove {{place}}">Remove</button></form></div></td></tr>{{/receivers}}</tbody></table></div>{{/hasReceivers}}
        <form method="post" action="{{base}}" class="panel"><input type="hidden" name="form" value="{{frame.form}}"><h2>Tell somebody</h2><div class="inline">
        <div class="field"><label for="mail">By mail to</label><input id="mail" name="mail" type="email" value="{{mail}}" autocomplete="email"></div>
        <div class="field"><label for="webhook">or by a webhook at</label><input id="webhook" name="webhook" type="url" value="{{webhook}}" placeholder="https://chat.example.org/hooks/…"></div></div>
        <fieldset><legend>When</legend><div class="inline">{{#kinds}}<label class="choice"><input type="checkbox" name="kind" value="{{value}}" checked><span>{{title}}</span></label>{{/kinds}}</div></fieldset>
        <div class="row"><button class="primary">Add</button></div></form>
        {{/main}}{{/layout}}
        """

    static let noticeKey = """
        {{<layout}}{{$main}}<div class="narrow stack"><h1>{{place}} is told</h1><div class="panel"><p>Deliveries are signed with this key, as Standard Webhooks says. Copy it now: it is never shown again.</p>
        <p><code id="secret">{{key}}</code> <button class="small-button" type="button" data-copies="secret" hidden>Copy</button></p>
        <p><a class="button" href="{{base}}">To the notices</a></p></div></div>
        {{/main}}{{/layout}}
        """

    static let all = [
        ("notices", notices), ("notice-key", noticeKey),
        ("projects", projects), ("project-new", projectNew), ("environment-new", environmentNew),
        ("environment", environment),
    ]

    private static let projects = """
        {{<layout}}{{$main}}
        <div class="head"><h1>Projects</h1>{{#mayCreate}}<a class="button primary" href="/projects/new">New project</a>{{/mayCreate}}</div>
        {{#attention}}<div class="note bad"><strong>{{what}}</strong> waits for a person: {{reason}}
        <p>{{whatToDo}}</p><p><a href="/jobs/{{job}}">Look at it</a></p></div>{{/attention}}
        {{#alarm}}<p class="note warn">{{.}}</p>{{/alarm}}
        {{^projects}}<div class="panel empty"><h2>Nothing is backed up yet</h2>
        {{#mayCreate}}<p>A project has environments, such as live and test; each of them a database and media.</p>
        <p><a class="button primary" href="/projects/new">Create the first project</a></p>{{/mayCreate}}
        {{^mayCreate}}<p>You have no role in any project yet. Ask an owner to let you in.</p>{{/mayCreate}}</div>{{/projects}}
        <div class="grid">
        {{#projects}}<section class="panel" aria-labelledby="p-{{name}}">
        <div class="row spread"><h2 id="p-{{name}}"><a href="/projects/{{name}}">{{name}}</a></h2>
        <span class="badge {{health.tone}}">{{health.text}}</span></div>
        {{^environments}}<p class="muted">No environments yet.{{#mayOwn}} <a href="/projects/{{name}}/environments/new">Add one</a>{{/mayOwn}}</p>{{/environments}}
        {{#environments}}<div><div class="row spread"><strong>{{name}}</strong><span class="badge {{health.tone}}">{{health.text}}</span></div>
        <dl class="facts small"><dt>Last backup</dt><dd>{{#last}}<a href="/backups/{{id}}">{{when.distance}}</a>, {{size}}{{/last}}{{^last}}none yet{{/last}}</dd>
        <dt>Next run</dt><dd>{{next}}</dd></dl>
        {{#trouble}}<p class="small note warn">{{.}}</p>{{/trouble}}</div>{{/environments}}
        </section>{{/projects}}
        </div>
        {{/main}}{{/layout}}
        """

    private static let projectNew = """
        {{<layout}}{{$main}}
        <div class="narrow stack"><p class="crumbs"><a href="/projects">Projects</a></p><h1>New project</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="name">Name</label>
        <input id="name" name="name" value="{{name}}" required pattern="[a-z0-9]([a-z0-9\\-]{0,38}[a-z0-9])?" maxlength="40" autocapitalize="none" spellcheck="false" autofocus>
        <span class="hint">Lower-case letters, digits and hyphens, such as <code>corner-shop</code>.</span></div>
        <div class="field"><label for="copies">Copies of each backup</label>
        <input id="copies" name="copies" type="number" min="1" max="9" value="{{copies}}">
        <span class="hint">Each on a node of its own. This cluster has {{nodes}}.</span></div>
        <div class="row"><button class="primary">Create project</button><a class="button quiet" href="/projects">Never mind</a></div>
        </form></div>
        {{/main}}{{/layout}}
        """

    private static let environmentNew = """
        {{<layout}}{{$main}}
        <div class="narrow stack"><p class="crumbs"><a href="/projects">Projects</a> / <a href="/projects/{{project}}">{{project}}</a></p>
        <h1>New environment</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="name">Name</label>
        <input id="name" name="name" value="{{name}}" required maxlength="40" autocapitalize="none" spellcheck="false" placeholder="live" autofocus>
        <span class="hint">Such as <code>live</code> or <code>test</code>.</span></div>
        <div class="field"><label for="database">Database <span class="hint">(optional)</span></label>
        <input id="database" name="database" type="password" autocomplete="off" placeholder="postgresql://shop:secret@localhost/shop">
        <span class="hint">The address of its PostgreSQL database. The password in it is sealed at once, and never shown again.</span></div>
        <div class="field"><label for="media">Media <span class="hint">(optional)</span></label>
        <input id="media" name="media" value="{{media}}" placeholder="/srv/media/shop">
        <span class="hint">The directory on the node, beneath one that its operator allows.</span></div>
        {{#hasNodes}}<div class="field"><label for="node">Node that reaches them</label>
        <select id="node" name="node">{{#nodes}}<option>{{.}}</option>{{/nodes}}</select></div>{{/hasNodes}}
        <div class="field"><label for="schedule">Back up by itself</label>
        <select id="schedule" name="schedule"><option value="daily">every night</option><option value="hourly">every hour</option>
        <option value="weekly">every week</option><option value="none">not yet</option></select></div>
        <div class="row"><button class="primary">Create environment</button><a class="button quiet" href="/projects/{{project}}">Never mind</a></div>
        </form></div>
        {{/main}}{{/layout}}
        """

    private static let environment = """
        {{<layout}}{{$main}}
        <div class="stack"><p class="crumbs"><a href="/projects">Projects</a> / <a href="/projects/{{project}}">{{project}}</a></p>
        <h1>{{project}}/{{name}}</h1></div>
        <section class="panel"><h2>What is backed up</h2>
        {{^services}}<p class="muted">Nothing yet: say below where its database and media are.</p>{{/services}}
        {{#services}}<div class="row spread"><div><strong>{{title}}</strong><p class="code">{{location}}</p></div>
        {{#mayOwn}}<form method="post" action="/environments/{{project}}/{{environment}}/remove-service"><input type="hidden" name="form" value="{{form}}">
        <input type="hidden" name="service" value="{{reference}}"><button class="small-button">Remove</button></form>{{/mayOwn}}</div>{{/services}}
        </section>
        {{#problems}}<p class="note {{tone}}">{{text}}</p>{{/problems}}
        {{#facts}}<p class="small muted">{{.}}</p>{{/facts}}
        {{#mayOwn}}
        <section class="panel"><h2>Add or change</h2>
        <form method="post" action="/environments/{{project}}/{{name}}/set-service" class="inline"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="database">Database</label><input id="database" name="database" type="password" autocomplete="off" placeholder="postgresql://shop:secret@localhost/shop" required></div>
        <button>Save the database</button></form>
        <form method="post" action="/environments/{{project}}/{{name}}/set-service" class="inline"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="media">Media</label><input id="media" name="media" placeholder="/srv/media/shop" required></div>
        <button>Save the media</button></form></section>
        {{/mayOwn}}
        <div class="row">
        {{#mayOperate}}<form method="post" action="/environments/{{project}}/{{name}}/check"><input type="hidden" name="form" value="{{frame.form}}"><button>Check it</button></form>{{/mayOperate}}
        <a class="button" href="/projects/{{project}}/schedules?environment={{name}}">Schedule and retention</a></div>
        {{/main}}{{/layout}}
        """
}
