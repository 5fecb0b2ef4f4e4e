"""`./banso demo`: a believable book for trying Banso out."""
