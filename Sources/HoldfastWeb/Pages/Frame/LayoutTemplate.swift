/// What is around every page.
enum LayoutTemplate {
    private static let head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{frame.title}} · Holdfast</title>
        <link rel="icon" href="\(Asset.icon.path)">
        <link rel="stylesheet" href="\(Asset.style.path)">
        <script src="\(Asset.script.path)" defer></script>
        {{#frame.refresh}}<noscript><meta http-equiv="refresh" content="5"></noscript>{{/frame.refresh}}
        </head>
        """

    static let text =
        head + """
            <body>
            <a class="skip" href="#main">To the content</a>
            <header class="top"><div class="top-inner">
            <a class="brand" href="/projects">\(Mark.inline)Holdfast</a>
            <nav aria-label="Main">
            {{#frame.places}}<a href="{{address}}"{{#isHere}} aria-current="page"{{/isHere}}>{{title}}</a>{{/frame.places}}
            </nav>
            <form method="post" action="/logout"><span class="small muted">{{frame.user}}</span>
            <input type="hidden" name="form" value="{{frame.form}}"><button class="quiet small-button">Sign out</button></form>
            </div></header>
            <main id="main">
            {{#frame.said}}<p class="note good" role="status">{{.}}</p>{{/frame.said}}
            {{#frame.problem}}<p class="note bad" role="alert">{{.}}</p>{{/frame.problem}}
            {{$main}}{{/main}}
            </main>
            <p class="foot">All times are in UTC.</p>
            </body>
            </html>
            """

    /// For those who are not signed in.
    static let gate =
        head + """
            <body>
            <main class="gate"><div class="panel">
            <p class="brand">\(Mark.inline)Holdfast</p>
            {{#frame.problem}}<p class="note bad" role="alert">{{.}}</p>{{/frame.problem}}
            {{$main}}{{/main}}
            </div></main>
            </body>
            </html>
            """
}
