"""The pages over real HTTP: what a browser may do, and what a stranger, another site or a liar may not."""
