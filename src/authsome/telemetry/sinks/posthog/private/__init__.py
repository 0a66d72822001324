"""PostHog's private API: what an operator's personal key may ask of a project, such as to delete a person.

    access = find_access(settings, decision)        # or `Unavailable`, which names what is not set
    api = PrivateApi(access, clock=clock)
    match await api.post("persons/bulk_delete", {…}):
        case Answered(document): …
        case TryLater(reason, after): …             # same call again, not before `after` seconds
        case NotAllowed(reason): …                  # pointless until an operator changes something
        case Refused(status, reason): …             # PostHog understood, and this very call is wrong

It is another host than the one that facts are sent to, with another key: the project's key can only add.
`access` and `answer` are values; `call` holds the connection pool, and is imported only where something
is asked, as its HTTP library is a tenth of a server's start.
"""
