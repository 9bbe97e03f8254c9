"""One exercise as a panel, which the pages Course and Practice show.

``panel``  the question, the answer typed or chosen, the diagnosis, and new numbers after a miss
"""
