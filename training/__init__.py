"""How the evidence model was made: data, training, comparison and evaluation.

Run `python -m training.run --shared DIR`. The product never imports this package.
"""
