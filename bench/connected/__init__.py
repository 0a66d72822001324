"""Connections at size: what listing them and looking one up cost beside very many of others."""
