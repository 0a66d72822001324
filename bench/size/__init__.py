"""What a page costs at ten thousand, a million and ten million facts, and what the raw events would cost.

    history ─► grown (an installation of that size, projected) ─► served (a real server: pages, rebuild)
                                                             └─► raw (the same questions, of raw events)

Everything of one size is measured in one run and deleted before the next size begins. What is measured for
its memory has a process of its own.
"""
