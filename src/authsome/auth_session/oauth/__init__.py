"""Auth sessions that a provider answers with tokens: who asks for them, and what becomes of the answer.

    show_code    a code that a person types elsewhere      poll      asks whether they have
    obtain       as the installation's own client          finish    sealed and completed, or failed

`depart` and `come_back` beside this folder are the way by a provider's own page. Nobody asks within a unit of
work; what was answered is sealed by the next one.
"""
