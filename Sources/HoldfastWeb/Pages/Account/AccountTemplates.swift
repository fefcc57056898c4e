enum AccountTemplates {
    static let all = [("account", account), ("people", people), ("person-new", personNew), ("credential", credential)]

    private static let account = """
        {{<layout}}{{$main}}
        <div><h1>{{name}}</h1><p class="muted">{{what}}</p></div>
        {{#newToken}}<section class="panel"><h2>Your new token</h2><p>Copy it now: it is never shown again.</p><p><code id="token">{{.}}</code> <button class="small-button" type="button" data-copies="token" hidden>Copy</button></p></section>{{/newToken}}
        <section class="stack"><h2>Tokens</h2><p class="muted">A token lets a program act for you, by the command line or the HTTP API.</p>
        <div class="panel plain"><table class="wide"><thead><tr><th>For</th><th>May</th><th>Works until</th><th>Last used</th><th></th></tr></thead><tbody>
        {{#tokens}}<tr><td class="lead">{{label}}</td><td data-label="May">{{limits}}</td><td data-label="Works until">{{until}}</td><td data-label="Last used">{{used}}</td>
        <td><div class="actions"><form method="post" action="/account/tokens/{{id}}/revoke"><input type="hidden" name="form" value="{{form}}"><button class="small-button">Revoke</button></form></div></td></tr>{{/tokens}}
        {{^tokens}}<tr><td class="lead muted">None yet.</td></tr>{{/tokens}}</tbody></table></div>
        <form method="post" action="/account/tokens" class="panel"><input type="hidden" name="form" value="{{frame.form}}"><h3>New token</h3><div class="inline">
        <div class="field"><label for="label">What for</label><input id="label" name="label" required maxlength="60" placeholder="nightly report"></div>
        <div class="field"><label for="scope">May</label><select id="scope" name="scope"><option value="read">only look</option><option value="all">all that I may</option></select></div>
        <div class="field"><label for="days">Works for</label><select id="days" name="days"><option value="30">30 days</option><option value="90" selected>90 days</option><option value="365">a year</option></select></div>
        <button>Create token</button></div></form></section>
        <section class="panel narrow"><h2>Password</h2><form method="post" action="/account/password" class="stack"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="current">Your password now</label><input id="current" name="current" type="password" autocomplete="current-password" required></div>
        <div class="field"><label for="password">The new one</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required></div>
        <div class="field"><label for="again">The same again</label><input id="again" name="again" type="password" autocomplete="new-password" required></div>
        <div class="row"><button>Change password</button><span class="small muted">You are signed out everywhere.</span></div></form></section>
        <section class="stack"><h2>Where you are signed in</h2><div class="panel plain"><table class="wide"><tbody>
        {{#sessions}}<tr><td class="lead">{{agent}}<p class="small muted">{{address}}, {{used}}</p></td><td><div class="actions">{{#isThis}}<span class="badge accent">this one</span>{{/isThis}}
        {{^isThis}}<form method="post" action="/account/sessions/{{id}}/revoke"><input type="hidden" name="form" value="{{form}}"><button class="small-button">Sign out</button></form>{{/isThis}}</div></td></tr>{{/sessions}}</tbody></table></div></section>
        {{/main}}{{/layout}}
        """

    private static let people = """
        {{<layout}}{{$main}}
        <div class="head"><h1>People</h1><a class="button primary" href="/people/new">Invite somebody</a></div>
        <div class="panel plain"><table class="wide"><thead><tr><th>Name</th><th>Mail</th><th>May</th><th>State</th><th>Last here</th><th></th></tr></thead><tbody>
        {{#people}}<tr><td class="lead"><strong>{{name}}</strong></td><td data-label="Mail">{{mail}}</td><td data-label="May">{{may}}</td><td data-label="State"><span class="badge {{state.tone}}">{{state.text}}</span></td><td data-label="Last here">{{seen}}</td>
        <td><div class="actions">{{^isSelf}}<details class="menu"><summary aria-label="Options of {{name}}">⋯</summary><div class="menu-items">
        <a href="/people/new?name={{name}}&amp;mail={{mail}}">Invite anew</a>
        {{#isDisabled}}<form method="post" action="/people/{{name}}/enable"><input type="hidden" name="form" value="{{form}}"><button>Let in again</button></form>{{/isDisabled}}
        {{^isDisabled}}<form method="post" action="/people/{{name}}/disable"><input type="hidden" name="form" value="{{form}}"><button class="away">Shut out</button></form>{{/isDisabled}}</div></details>{{/isSelf}}</div></td></tr>{{/people}}</tbody></table></div>
        <section class="panel"><h2>Give or take a role</h2><form method="post" action="/people/role" class="inline"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="user">Who</label><select id="user" name="user">{{#people}}<option>{{name}}</option>{{/people}}</select></div>
        <div class="field"><label for="project">Project</label><select id="project" name="project">{{#projects}}<option>{{.}}</option>{{/projects}}</select></div>
        <div class="field"><label for="role">Role</label><select id="role" name="role"><option value="viewer">viewer: looks</option><option value="operator" selected>operator: backs up and restores</option><option value="owner">owner: changes and deletes</option><option value="">none</option></select></div>
        <button>Save</button></form></section>
        {{/main}}{{/layout}}
        """

    private static let personNew = """
        {{<layout}}{{$main}}<div class="narrow stack"><p class="crumbs"><a href="/people">People</a></p><h1>Invite somebody</h1>
        <form method="post" action="/people" class="panel"><input type="hidden" name="form" value="{{frame.form}}">
        <div class="field"><label for="name">Name to sign in with</label><input id="name" name="name" value="{{name}}" required autocapitalize="none" spellcheck="false" autofocus></div>
        <div class="field"><label for="mail">Mail</label><input id="mail" name="mail" type="email" value="{{mail}}"><span class="hint">Where the invitation goes. Without one, you are shown the link to hand on.</span></div>
        <div class="field"><label for="project">Project</label><select id="project" name="project"><option value="">none yet</option>{{#projects}}<option>{{.}}</option>{{/projects}}</select></div>
        <div class="field"><label for="role">Role in it</label><select id="role" name="role"><option value="viewer">viewer: looks</option><option value="operator" selected>operator: backs up and restores</option><option value="owner">owner: changes and deletes</option></select></div>
        <div class="row"><button class="primary">Invite</button><a class="button quiet" href="/people">Never mind</a></div></form></div>
        {{/main}}{{/layout}}
        """

    private static let credential = """
        {{<layout}}{{$main}}<div class="narrow stack"><h1>{{title}}</h1><div class="panel"><p>{{text}}</p>
        {{#secret}}<p><code id="secret">{{.}}</code> <button class="small-button" type="button" data-copies="secret" hidden>Copy</button></p>{{/secret}}
        <p><a class="button" href="/people">To the people</a></p></div></div>
        {{/main}}{{/layout}}
        """
}
