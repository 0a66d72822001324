"""The pages about providers: what there is, one of them, adding one, and confirming what becomes of one."""
