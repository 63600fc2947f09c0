# The version on stdout, and nothing else.
$ mainstay --version
mainstay 0.1.0
