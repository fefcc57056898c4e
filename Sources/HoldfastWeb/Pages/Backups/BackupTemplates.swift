enum BackupTemplates {
    static let all = [
        ("backups", backups), ("backup-new", new), ("backup", backup), ("backup-note", note), ("backup-delete", delete),
        ("backup-expire", expire), ("backup-row", row), ("contents", contents),
    ]

    private static let backups = """
        {{<layout}}{{$main}}
        <div class="head"><div><p class="crumbs"><a href="/projects">Projects</a></p><h1>{{project}}</h1></div>
        {{#mayOwn}}<div class="row"><a class="button" href="/projects/{{project}}/notices">Notices</a><a class="button" href="/projects/{{project}}/environments/new">New environment</a></div>{{/mayOwn}}</div>
        {{^environments}}<div class="panel empty"><h2>No environments yet</h2><p>Say where the database and the media of the live site are.</p>
        {{#mayOwn}}<p><a class="button primary" href="/projects/{{project}}/environments/new">Add an environment</a></p>{{/mayOwn}}</div>{{/environments}}
        <div class="grid">{{#environments}}<section class="panel" aria-labelledby="e-{{name}}">
        <div class="row spread"><h2 id="e-{{name}}"><a href="/environments/{{project}}/{{name}}">{{name}}</a></h2><span class="badge {{health.tone}}">{{health.text}}</span></div>
        <dl class="facts small"><dt>Last backup</dt><dd>{{last}}</dd><dt>Next run</dt><dd>{{next}}</dd></dl>
        {{#trouble}}<p class="small note warn">{{.}}</p>{{/trouble}}
        {{#mayOperate}}<p><a class="button" href="/environments/{{project}}/{{name}}/backup">Create backup on demand</a></p>{{/mayOperate}}
        </section>{{/environments}}</div>
        {{#running}}<section class="panel" data-events="/api/v1/jobs/{{job}}/events"><div class="row spread"><strong>{{what}}</strong><a href="/jobs/{{job}}">Watch</a></div>
        <progress aria-label="{{what}}"></progress><p class="small muted" data-words>{{step}}</p></section>{{/running}}
        <section class="stack" aria-labelledby="backups"><h2 id="backups">Backups</h2>
        <div class="tabs" role="navigation" aria-label="Kinds of backups">
        {{#tabs}}<a href="{{address}}"{{#isHere}} aria-current="page"{{/isHere}}>{{title}}</a>{{/tabs}}</div>
        <form class="inline small" method="get"><input type="hidden" name="kind" value="{{kind}}">
        <div class="field"><label for="environment">Environment</label><select id="environment" name="environment" data-submits><option value="">all</option>{{#environmentChoices}}<option{{#isChosen}} selected{{/isChosen}}>{{value}}</option>{{/environmentChoices}}</select></div>
        <div class="field"><label for="what">What</label><select id="what" name="what" data-submits>{{#whatChoices}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/whatChoices}}</select></div>
        <div class="field"><label for="state">State</label><select id="state" name="state" data-submits>{{#stateChoices}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{title}}</option>{{/stateChoices}}</select></div>
        <noscript><button>Show</button></noscript></form>
        {{^rows}}<div class="panel empty"><h3>{{emptyTitle}}</h3><p>{{emptyText}}</p></div>{{/rows}}
        {{#hasRows}}<div class="panel plain"><table class="wide"><thead><tr><th>Date and time</th><th>Environment</th><th>What</th><th>State</th><th>Kept</th><th><span class="skip">Actions</span></th></tr></thead>
        <tbody>{{#rows}}{{>backup-row}}{{/rows}}</tbody></table></div>
        {{#more}}<p><a class="button" href="{{.}}">Show more</a></p>{{/more}}{{/hasRows}}
        </section>
        {{#space}}<section class="panel"><h2>Space</h2><p>{{text}}</p>
        <svg class="chart" viewBox="0 0 300 60" preserveAspectRatio="none" role="img" aria-label="{{label}}">
        {{#bars}}<rect x="{{x}}" y="{{y}}" width="8" height="{{height}}" rx="1" fill="currentColor"><title>{{title}}</title></rect>{{/bars}}</svg>
        <p class="small muted">{{label}}</p></section>{{/space}}
        {{/main}}{{/layout}}
        """

    private static let row = """
        <tr><td class="lead"><a href="/backups/{{id}}"><time datetime="{{when.machine}}">{{when.text}}</time></a>
        <p class="small muted">{{when.distance}}{{#note}} · “{{.}}”{{/note}}</p></td>
        <td data-label="Environment">{{environment}}</td>
        <td data-label="What"><div>{{#parts}}<p class="nowrap">{{title}} <span class="muted">{{size}}</span></p>{{/parts}}</div></td>
        <td data-label="State"><div><span class="badge {{state.tone}}">{{state.text}}</span>{{#label}} <span class="badge">{{.}}</span>{{/label}}{{#isPinned}} <span class="badge accent">pinned</span>{{/isPinned}}
        {{#failure}}<p class="small">{{.}}</p>{{/failure}}</div></td>
        <td data-label="Kept" class="small"><div>{{until}}<p class="muted">{{why}}</p></div></td>
        <td><div class="actions">{{#mayRestore}}<a class="button small-button" href="/backups/{{id}}/restore">Restore</a>{{/mayRestore}}
        {{#hasMenu}}<details class="menu"><summary aria-label="Options of the backup of {{when.text}}">⋯</summary><div class="menu-items">
        {{#mayRestore}}<a href="/backups/{{id}}/download">Prepare download</a>
        <form method="post" action="/backups/{{id}}/verify"><input type="hidden" name="form" value="{{form}}"><button>Verify</button></form>{{/mayRestore}}
        {{#mayPin}}<form method="post" action="/backups/{{id}}/pin"><input type="hidden" name="form" value="{{form}}"><button>Pin</button></form>{{/mayPin}}
        {{#mayUnpin}}<form method="post" action="/backups/{{id}}/unpin"><input type="hidden" name="form" value="{{form}}"><button>Unpin</button></form>{{/mayUnpin}}
        {{#mayNote}}<a href="/backups/{{id}}/note">Edit note</a>{{/mayNote}}
        {{#mayExpire}}<a href="/backups/{{id}}/expire">Keep until …</a>{{/mayExpire}}
        {{#mayCancel}}<form method="post" action="/backups/{{id}}/cancel"><input type="hidden" name="form" value="{{form}}"><button class="away">Call off</button></form>{{/mayCancel}}
        {{#mayUndelete}}<form method="post" action="/backups/{{id}}/undelete"><input type="hidden" name="form" value="{{form}}"><button>Take back</button></form>{{/mayUndelete}}
        {{#mayDelete}}<a class="away" href="/backups/{{id}}/delete">Delete</a>{{/mayDelete}}
        </div></details>{{/hasMenu}}</div></td></tr>
        """

    private static let new = """
        {{<layout}}{{$main}}
        <div class="narrow stack"><p class="crumbs"><a href="/projects">Projects</a> / <a href="/projects/{{project}}">{{project}}</a></p>
        <h1>Back up {{project}}/{{environment}}</h1>
        {{^hasServices}}<div class="panel"><p>There is nothing to back up here yet: <a href="/environments/{{project}}/{{environment}}">say where its database and media are</a>.</p></div>{{/hasServices}}
        {{#hasServices}}<form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <fieldset><legend>What to back up</legend><div class="choices">
        {{#choices}}<label class="choice"><input type="radio" name="what" value="{{value}}"{{#isChosen}} checked{{/isChosen}}><span><strong>{{title}}</strong><span class="hint">{{hint}}</span></span></label>{{/choices}}</div></fieldset>
        <div class="field"><label for="note">Note <span class="hint">(optional)</span></label>
        <input id="note" name="note" maxlength="300" value="{{note}}" placeholder="before the sale"></div>
        <div class="row"><button class="primary">Create backup</button><a class="button quiet" href="/projects/{{project}}?kind=on-demand">Never mind</a></div>
        </form>{{/hasServices}}</div>
        {{/main}}{{/layout}}
        """

    private static let backup = """
        {{<layout}}{{$main}}
        <div class="head"><div><p class="crumbs"><a href="/projects">Projects</a> / <a href="/projects/{{project}}?kind={{kind}}">{{project}}</a></p>
        <h1>{{row.when.text}}</h1><p class="muted">{{trigger}} backup of {{environment}} <span class="badge {{row.state.tone}}">{{row.state.text}}</span>{{#row.label}} <span class="badge">{{.}}</span>{{/row.label}}{{#row.isPinned}} <span class="badge accent">pinned</span>{{/row.isPinned}}</p></div>
        <div class="row">{{#row}}{{#mayRestore}}<a class="button primary" href="/backups/{{id}}/restore">Restore</a><a class="button" href="/backups/{{id}}/download">Prepare download</a>{{/mayRestore}}{{/row}}</div></div>
        {{#failure}}<p class="note bad">{{.}}</p>{{/failure}}
        {{#job}}<section class="panel" data-events="/api/v1/jobs/{{.}}/events"><h2>It is being made</h2><progress aria-label="Progress of the backup"></progress>
        <p class="small muted" data-words></p></section>{{/job}}
        <section class="panel"><h2>About it</h2><dl class="facts">
        <dt>Identifier</dt><dd class="code">{{row.id}}</dd><dt>Made by</dt><dd>{{author}}</dd>{{#took}}<dt>Took</dt><dd>{{.}}</dd>{{/took}}
        <dt>Note</dt><dd>{{note}}{{^note}}<span class="muted">none</span>{{/note}}{{#row.mayNote}} <a class="small" href="/backups/{{row.id}}/note">Edit</a>{{/row.mayNote}}</dd>
        {{#size}}<dt>Size</dt><dd>{{.}}</dd>{{/size}}<dt>Kept</dt><dd>{{row.until}}{{#row.why}}<br><span class="muted">{{.}}</span>{{/row.why}}</dd></dl></section>
        {{#hasParts}}<section class="stack"><h2>What is in it</h2><div class="panel plain"><table class="wide"><thead><tr><th>Part</th><th>Content</th><th class="number">Size</th><th class="number">New</th><th class="number">Stored</th><th class="number">Took</th></tr></thead><tbody>
        {{#parts}}<tr><td class="lead"><strong>{{title}}</strong></td><td data-label="Content">{{content}}{{#look}} <a class="small" href="{{address}}">{{title}}</a>{{/look}}</td><td data-label="Size" class="number">{{size}}</td><td data-label="New" class="number">{{new}}</td><td data-label="Stored" class="number">{{stored}}</td><td data-label="Took" class="number">{{took}}</td></tr>{{/parts}}
        </tbody></table></div></section>{{/hasParts}}
        {{#warnings}}<section class="note warn"><strong>{{title}}</strong>{{#lines}}<p class="small code">{{.}}</p>{{/lines}}</section>{{/warnings}}
        {{#receipt}}<section class="stack"><h2>Where it is kept</h2><p class="muted">{{title}}</p><div class="panel plain"><table class="wide"><thead><tr><th>Node</th><th>Region</th><th class="number">Objects</th><th class="number">Stored</th></tr></thead><tbody>
        {{#holdings}}<tr><td class="lead">{{node}}</td><td data-label="Region">{{region}}</td><td data-label="Objects" class="number">{{objects}}</td><td data-label="Stored" class="number">{{stored}}</td></tr>{{/holdings}}</tbody></table></div></section>{{/receipt}}
        {{#hasRestores}}<section class="stack"><h2>Restores made of it</h2><div class="panel plain"><table class="wide"><thead><tr><th>When</th><th>Into</th><th>State</th></tr></thead><tbody>
        {{#restores}}<tr><td class="lead"><a href="/restores/{{id}}">{{when.text}}</a></td><td data-label="Into">{{into}}</td><td data-label="State"><span class="badge {{state.tone}}">{{state.text}}</span></td></tr>{{/restores}}</tbody></table></div></section>{{/hasRestores}}
        <section class="row" aria-label="More">
        {{#row}}{{#mayRestore}}<form method="post" action="/backups/{{id}}/verify"><input type="hidden" name="form" value="{{form}}"><button>Verify</button></form>{{/mayRestore}}
        {{#mayPin}}<form method="post" action="/backups/{{id}}/pin"><input type="hidden" name="form" value="{{form}}"><button>Pin</button></form>{{/mayPin}}
        {{#mayUnpin}}<form method="post" action="/backups/{{id}}/unpin"><input type="hidden" name="form" value="{{form}}"><button>Unpin</button></form>{{/mayUnpin}}
        {{#mayExpire}}<a class="button" href="/backups/{{id}}/expire">Keep until …</a>{{/mayExpire}}
        {{#mayCancel}}<form method="post" action="/backups/{{id}}/cancel"><input type="hidden" name="form" value="{{form}}"><button>Call off</button></form>{{/mayCancel}}
        {{#mayUndelete}}<form method="post" action="/backups/{{id}}/undelete"><input type="hidden" name="form" value="{{form}}"><button>Take back</button></form>{{/mayUndelete}}
        {{#mayDelete}}<a class="button quiet" href="/backups/{{id}}/delete">Delete</a>{{/mayDelete}}{{/row}}</section>
        {{/main}}{{/layout}}
        """

    private static let contents = """
        {{<layout}}{{$main}}<div><p class="crumbs"><a href="/projects/{{project}}">{{project}}</a> / <a href="/backups/{{id}}">{{title}}</a>{{#crumbs}} / <a href="{{address}}">{{title}}</a>{{/crumbs}}</p>
        <h1>{{heading}}</h1>{{#summary}}<p class="muted">{{.}}</p>{{/summary}}</div>
        {{^hasRows}}<div class="panel empty"><h2>Empty</h2><p>{{empty}}</p></div>{{/hasRows}}
        {{#hasRows}}<div class="panel plain"><table class="wide"><thead><tr><th>{{names}}</th><th class="number">{{firstName}}</th><th class="number">{{secondName}}</th><th><span class="skip">Actions</span></th></tr></thead><tbody>
        {{#rows}}<tr><td class="lead">{{#address}}<a href="{{.}}">{{name}}</a>{{/address}}{{^address}}{{name}}{{/address}}{{#remark}}<p class="small muted">{{.}}</p>{{/remark}}</td><td data-label="{{firstName}}" class="number">{{first}}</td><td data-label="{{secondName}}" class="number">{{second}}</td>
        <td><div class="actions">{{#content}}<a class="button small-button" href="{{.}}" download aria-label="Download {{name}}">Download</a>{{/content}}</div></td></tr>{{/rows}}</tbody></table></div>{{/hasRows}}
        {{#more}}<p><a class="button" href="{{.}}">Show more</a></p>{{/more}}
        {{/main}}{{/layout}}
        """

    private static let crumbs = """
        <p class="crumbs"><a href="/projects/{{project}}">{{project}}</a> / <a href="/backups/{{id}}">{{title}}</a></p>
        """

    private static let note = """
        {{<layout}}{{$main}}<div class="narrow stack">\(crumbs)<h1>Note</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="note">What is this backup for?</label><input id="note" name="note" maxlength="300" value="{{note}}" autofocus></div>
        <div class="row"><button class="primary">Save note</button><a class="button quiet" href="/backups/{{id}}">Never mind</a></div></form></div>
        {{/main}}{{/layout}}
        """

    private static let expire = """
        {{<layout}}{{$main}}<div class="narrow stack">\(crumbs)<h1>How long to keep it</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <p>{{verdict}}</p>
        <div class="field"><label for="date">Keep it until the end of</label><input id="date" name="date" type="date" value="{{date}}" required></div>
        <div class="row"><button class="primary">Save</button>{{#hasDate}}<button name="never" value="1" formnovalidate>Let the rules decide</button>{{/hasDate}}<a class="button quiet" href="/backups/{{id}}">Never mind</a></div></form></div>
        {{/main}}{{/layout}}
        """

    private static let delete = """
        {{<layout}}{{$main}}<div class="narrow stack">\(crumbs)<h1>Delete this backup?</h1>
        <form method="post" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <p>The backup of {{environment}} of {{title}} goes. It can be taken back for {{window}}; then its space is given back.</p>
        <div class="row"><button class="danger">Delete backup</button><a class="button quiet" href="/backups/{{id}}">Keep it</a></div></form></div>
        {{/main}}{{/layout}}
        """
}
