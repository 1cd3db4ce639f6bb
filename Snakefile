from snakemake.utils import min_version

min_version("9.16")


configfile: "config.yaml"


include: "workflow/rules/inputs/house.smk"
include: "workflow/rules/common.smk"
include: "workflow/rules/inputs/data.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/inputs/model.smk"
include: "workflow/rules/model.smk"
include: "workflow/rules/inputs/assess.smk"
include: "workflow/rules/assess.smk"
include: "workflow/rules/inputs/report.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/inputs/runs.smk"
include: "workflow/rules/runs.smk"
include: "workflow/rules/inputs/predict.smk"
include: "workflow/rules/predict.smk"
include: "workflow/rules/inputs/calibrate.smk"
include: "workflow/rules/calibrate.smk"
include: "workflow/rules/inputs/plan.smk"
include: "workflow/rules/plan.smk"


rule all:
    input:
        of_analyses(reports),


rule keep:
    input:
        wanted_kept,


rule bundle:
    input:
        wanted_bundles,


rule compare:
    input:
        wanted_changes,


rule kept:
    input:
        listed_kept,


rule predict:
    input:
        predictions,


rule calibrate:
    input:
        of_analyses(calibrations),


rule plan:
    input:
        wanted_plans,
