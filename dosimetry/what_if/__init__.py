"""What if: one case with something changed, always by the one path by which doses are computed.

Proposals of every model, the activity at which each limit binds, other conventions, and inputs varied up and down.
"""
