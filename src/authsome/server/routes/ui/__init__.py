"""The pages, for people in a browser. One module per group of pages that belong together.

A GET looks and shows; a POST does one thing, which is asked of one use case, and leads on with a 303, so that
reloading never does it again. What is refused in a form shows the form again, with what was typed except for
secrets; what is refused otherwise raises, and `problem.page` shows it. `server/visit.py` knows who looks.

To add a page: its dataclass in `server/web/pages`, a module here, its router in `app.py`. A POST takes
`AnyForm` or `SignedInForm`, which is what checks that the form is ours.
"""
