"""Where programs send usage to, without sessions or pages."""
