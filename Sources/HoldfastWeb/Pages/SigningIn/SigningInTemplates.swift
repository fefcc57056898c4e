enum SigningInTemplates {
    static let all = [("sign-in", signIn), ("invitation", invitation), ("failure", failure), ("outside", outside)]

    private static let signIn = """
        {{<gate}}{{$main}}
        <h1>Sign in</h1>
        <form method="post" action="/login" class="stack">
        <input type="hidden" name="to" value="{{to}}">
        <div class="field"><label for="name">Name</label>
        <input id="name" name="name" value="{{name}}" autocomplete="username" autocapitalize="none" spellcheck="false" required {{^name}}autofocus{{/name}}></div>
        <div class="field"><label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required {{#name}}autofocus{{/name}}></div>
        <button class="primary">Sign in</button>
        </form>
        <p class="small muted">No account, or the password is lost? Whoever runs this cluster can invite you anew.</p>
        {{/main}}{{/gate}}
        """

    private static let invitation = """
        {{<gate}}{{$main}}
        <h1>Welcome, {{name}}</h1>
        <p>Choose a password for your account. It has at least 12 characters; a few words together are easy to keep in mind.</p>
        <form method="post" class="stack">
        <input type="hidden" name="username" value="{{name}}" autocomplete="username">
        <div class="field"><label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required autofocus></div>
        <div class="field"><label for="again">The same again</label>
        <input id="again" name="again" type="password" autocomplete="new-password" required></div>
        <button class="primary">Set password and sign in</button>
        </form>
        {{/main}}{{/gate}}
        """

    private static let failure = """
        {{<layout}}{{$main}}
        <div class="panel narrow"><h1>{{title}}</h1><p>{{message}}</p>
        <p class="small muted">{{code}}</p>
        <p><a class="button" href="/projects">To the projects</a></p></div>
        {{/main}}{{/layout}}
        """

    private static let outside = """
        {{<gate}}{{$main}}
        <h1>{{title}}</h1><p>{{message}}</p>
        <p><a href="/login">Sign in</a></p>
        {{/main}}{{/gate}}
        """
}
