"""Lists as files: what stands on the screen as .xlsx or CSV, which an import takes back."""
