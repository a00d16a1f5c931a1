"""Questions with known evidence become a scoreboard.

Reading order: questions and beir (what is asked), replies (what came back), support (does a
quotation support an answer?), judging (one question), ranking and figures (all of them), bootstrap
(how sure that is), systems (who is asked), scoreboard and pictures (what is written), command.
"""
