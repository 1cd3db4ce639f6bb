"""Input functions of the rules on plans."""


def plan_of(wildcards):
    return SETTINGS.plans[wildcards.plan]


def simulated_plan(wildcards):
    """What of a plan its numbers depend on."""
    return plan_of(wildcards).model_dump() | {"title": "", "currency": ""}


def plans():
    """The pages of plans."""
    return [f"reports/plan/{name}.html" for name in SETTINGS.plans]


def wanted_plans(wildcards):
    return plans() or sys.exit(
        "partialpool: found nothing to plan, expected a block such as "
        "`plans: {next_pages: {title: Next pages, rate: 0.05, lift: 0.01}}`"
    )
