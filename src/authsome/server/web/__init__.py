"""The pages people see: how they look, and nothing about what they decide.

`pages` has one frozen dataclass per page: the values it shows, and nothing it could change. A route
fills one in and returns `Page.html(frame)` with `security_headers()`. `templates` and `static` are
plain Jinja2, CSS and JavaScript; every file a page loads comes from this folder, since the content
security policy allows no other place and no inline script or style.

Invariants: a page works without JavaScript; what people typed is text, never markup; a secret is
never part of a page; a link out of the installation is http or https.

To add a page: write its dataclass in `pages`, its template, a sample of it in the tests' `samples`
(the hostile-string test picks it up from there), and look at it in the gallery in both colour schemes.
"""
