"""The keys of a definition that have rules of their own, each read by one module, strictly.

To add a key: a module here whose `read_…` raises `DefinitionInvalid` and names the key; its line in
`validate.py`; its way back into the file in `Provider.definition`; its row in the guide.
"""
