"""Start the command line from a program that brings its own Python."""

from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()  # a child on Windows starts this file again; here it turns into what it is to do

    from aiguard.cli import main

    main()
