"""`python -m banso`, which is what the launcher runs."""

from banso.cli import main

if __name__ == "__main__":
    main()
