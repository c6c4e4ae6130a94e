"""The addresses of Manage: one per thing, named like the verb behind it."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings as installation
from django.urls import URLPattern, path

from tricorn.agreements.files import FILES
from tricorn.web import kept
from tricorn.web.manage import (
    agreements,
    arrivals,
    authority,
    catalogue,
    checklists,
    declined,
    escalation,
    front,
    hours,
    imports,
    mailboxes,
    merging,
    offers,
    offers_write,
    organisations,
    people,
    places,
    programs,
    questions,
    recurring,
    reports,
    reviewers,
    reviews,
    rules,
    settings,
    tags,
    trials,
    uncovered,
    work,
)
from tricorn.web.replays.side import MANAGE
from tricorn.web.replays.urls import addresses

app_name = "manage"
AT_MANAGE = {"side": kept.MANAGE}


def guests() -> list[URLPattern]:
    """Pages under Manage about what another door keeps: the roof names them, for it knows both."""
    return [each for name in installation.MANAGE_GUESTS for each in import_module(name).urlpatterns]


urlpatterns = [
    path("", front.front, name="front"),
    path("services/", catalogue.services, name="services"),
    path("services/add/", catalogue.service_add, name="service-add"),
    path("services/<int:service>/", catalogue.service, name="service"),
    path("services/<int:service>/not-yet-covered/", uncovered.uncovered, name="service-uncovered"),
    path("services/<int:service>/levels/add/", catalogue.level_add, name="level-add"),
    path("services/<int:service>/levels/<int:level>/", catalogue.level, name="level"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:name>/", reports.reports, name="report"),
    path("reports/<slug:name>.csv", reports.report_csv, name="report-csv"),
    path("services/<int:service>/questions/", questions.questions, name="questions"),
    path("services/<int:service>/questions/<str:question>/", questions.question, name="question"),
    path(
        "services/<int:service>/questions/<str:question>/move/",
        questions.question_move,
        name="question-move",
    ),
    path("services/<int:service>/checklists/", checklists.checklists, name="checklists"),
    path(
        "services/<int:service>/checklists/<int:checklist>/",
        checklists.checklist,
        name="checklist",
    ),
    path("answers/", kept.answers, AT_MANAGE, name="answers"),
    path("answers/<int:answer>/", kept.answer, AT_MANAGE, name="answer"),
    path("answers/<int:answer>/forget/", kept.forget_answer, AT_MANAGE, name="answer-forget"),
    path("macros/", kept.macros, AT_MANAGE, name="macros"),
    path("macros/<int:macro>/", kept.macro, AT_MANAGE, name="macro"),
    path("macros/<int:macro>/forget/", kept.forget_macro, AT_MANAGE, name="macro-forget"),
    path("tags/", tags.tags, name="tags"),
    path("tags/<int:tag>/", tags.tag, name="tag"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/add/", hours.hours_add, name="hours-add"),
    path("hours/read/", hours.hours_read, name="hours-read"),
    path("hours/preview/", hours.hours_preview, name="hours-preview"),
    path("hours/<int:hours>/", hours.hours, name="hours"),
    path("hours/<int:hours>/read/", hours.hours_read, name="hours-reread"),
    path("hours/<int:hours>/toml/", hours.hours_toml, name="hours-toml"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person-add"),
    path("people/<int:person>/", people.person, name="person"),
    *(
        path(
            f"people/<int:person>/{name.replace('_', '-')}/",
            people.deed(name),
            name=f"person-{name.replace('_', '-')}",
        )
        for name in people.DEEDS
    ),
    path("people/<int:person>/merge/", merging.merge, name="person-merge"),
    path("people/<int:person>/unmerge/", merging.unmerge, name="person-unmerge"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/add/", organisations.organisation_add, name="organisation-add"),
    path("organisations/<int:organisation>/", organisations.organisation, name="organisation"),
    path(
        "organisations/<int:organisation>/join/",
        organisations.organisation_join,
        name="organisation-join",
    ),
    path(
        "organisations/<int:organisation>/quorum/",
        authority.organisation_quorum,
        name="organisation-quorum",
    ),
    path(
        "organisations/<int:organisation>/end-quorum/",
        authority.organisation_end_quorum,
        name="organisation-end-quorum",
    ),
    path("places/", places.places, name="places"),
    path("places/add/", places.place_add, name="place-add"),
    path("places/<int:place>/", places.place, name="place"),
    path("rules/", rules.rules, name="rules"),
    path("rules/add/", rules.rule_add, name="rule-add"),
    path("rules/<int:rule>/", rules.rule, name="rule"),
    path("rules/<int:rule>/switch/", rules.rule_switch, name="rule-switch"),
    path("rules/<int:rule>/move/", rules.rule_move, name="rule-move"),
    path("rules/<int:rule>/try/", rules.rule_try, name="rule-try"),
    path("rules/<int:rule>/log/", rules.rule_log, name="rule-log"),
    path("rules/<int:rule>/remove/", rules.rule_remove, name="rule-remove"),
    path("escalation/", escalation.escalation, name="escalation"),
    path("escalation/<int:service>/", escalation.escalation_of, name="escalation-of"),
    path("recurring/", recurring.recurrings, name="recurrings"),
    path("recurring/add/", recurring.recurring_add, name="recurring-add"),
    path("recurring/preview/", recurring.recurring_preview, name="recurring-preview"),
    path("recurring/<int:recurring>/", recurring.recurring, name="recurring"),
    path("recurring/<int:recurring>/switch/", recurring.recurring_switch, name="recurring-switch"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/add/", agreements.agreement_add, name="agreement-add"),
    path("agreements/activate/", agreements.agreement_activate, name="agreement-activate"),
    path("agreements/<int:version>/", agreements.agreement, name="agreement"),
    *(
        path(
            f"agreements/<int:version>/{ending}/",
            agreements.agreement_file,
            {"ending": ending},
            name=f"agreement-{ending}",
        )
        for ending in FILES
    ),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:review>/", reviews.review, name="review"),
    path("reviews/<int:review>/actions/add/", reviews.action_add, name="review-action-add"),
    path(
        "reviews/<int:review>/actions/<int:action>/end/",
        reviews.action_end,
        name="review-action-end",
    ),
    path("work/", work.works, name="works"),
    path("work/add/", work.work_add, name="work-add"),
    path("work/<int:work>/", work.work, name="work"),
    path("work/<int:work>/take-back/", work.work_take_back, name="work-take-back"),
    path("work/<int:work>/files/<int:number>/", work.paper, name="work-file"),
    path("trials/", trials.trials, name="trials"),
    path("trials/<int:offer>/close/", trials.trial_close, name="trial-close"),
    path("offers/", offers.offers_list, name="offers"),
    path("offers/add/", offers_write.offer_add, name="offer-add"),
    path("offers/<int:offer>/", offers.offer, name="offer"),
    path("offers/<int:offer>/options/add/", offers_write.option_add, name="option-add"),
    path("offers/<int:offer>/make/", offers.offer_make, name="offer-make"),
    path("offers/<int:offer>/withdraw/", offers.offer_withdraw, name="offer-withdraw"),
    path("offers/<int:offer>/sign/", offers.offer_sign, name="offer-sign"),
    path("offers/<int:offer>/papers/<int:number>/", offers.offer_paper, name="offer-paper"),
    path("offers/<int:offer>/sign/code/", offers.offer_sign_code, name="offer-sign-code"),
    path("offers/<int:offer>/sign/paper/", offers.offer_sign_paper, name="offer-sign-paper"),
    path("options/<int:option>/", offers_write.option, name="option"),
    path("options/<int:option>/propose/", offers.option_propose, name="option-propose"),
    path("options/<int:option>/take-back/", offers.option_take_back, name="option-take-back"),
    path("changes/<int:change>/take/", offers.change_take, name="change-take"),
    path("changes/<int:change>/refuse/", offers.change_refuse, name="change-refuse"),
    path("declined/", declined.declined, name="declined"),
    *addresses(MANAGE),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/add/", mailboxes.mailbox_add, name="mailbox-add"),
    path("mailboxes/<int:mailbox>/", mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<int:mailbox>/close/", mailboxes.mailbox_close, name="mailbox-close"),
    path("mailboxes/<int:mailbox>/open/", mailboxes.mailbox_open, name="mailbox-open"),
    path("mailboxes/<int:mailbox>/test/", mailboxes.mailbox_test, name="mailbox-test"),
    path("letters/", arrivals.arrivals, name="arrivals"),
    path("letters/<int:arrival>/", arrivals.arrival, name="arrival"),
    path("letters/<int:arrival>/let-in/", arrivals.arrival_let_in, name="arrival-let-in"),
    path("letters/<int:arrival>/discard/", arrivals.arrival_discard, name="arrival-discard"),
    path("letters/<int:arrival>/raw/", arrivals.arrival_raw, name="arrival-raw"),
    path("import/", imports.imports, name="import"),
    path("reviewers/", reviewers.reviewers, name="reviewers"),
    path("reviewers/<int:reviewer>/end/", reviewers.end, name="reviewer-end"),
    path("reviewers/keeping/", reviewers.keeping, name="reviewers-keeping"),
    path("settings/", settings.settings, name="settings"),
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/<int:program>/revoke/", programs.program_revoke, name="program-revoke"),
    path("settings/words/", settings.settings_words, name="settings-words"),
    path("settings/words/preview/", settings.words_preview, name="words-preview"),
    *guests(),
]
