"""Trying other agreements on past months: the same pages at Manage and at Decide.

side.py       at which door one stands, and what that changes
listed.py     the runs that somebody may see
begin.py      beginning a run on our own tickets; beginning.py its form
upload.py     beginning a run on an export, and reading it otherwise; uploading.py the forms
run.py        one run: its options, its results, and every way of drawing them
cards.py      today and the options, in words
option.py     today and the options, changed; option_form.py their forms
terms.py      rates, people, priorities, a search; terms_forms.py their forms
deeds.py      kept, discarded, made an offer of, handed out as a file
urls.py       the addresses, for both doors
"""
