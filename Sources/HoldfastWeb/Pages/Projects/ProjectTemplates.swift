enum ProjectTemplates {
    static let all = [
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
