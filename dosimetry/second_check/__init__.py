"""The second check: a person types the driving inputs again, blind, and another route gives the results from them."""
