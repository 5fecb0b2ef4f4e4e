"""Pages as files: what each tells, in full."""
