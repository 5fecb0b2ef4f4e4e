"""The elements every page is built from. Templates reach them all by `{% load ui %}`."""
