# Write berkeley_admissions.json: posteriors by brms and estimates by glm and lme4.
#
# Needs what fitting.R names. Run from the repository's root, about 10 minutes on 2 cores:
#   Rscript tests/reference/berkeley_admissions.R

source("tests/reference/fitting.R")

admissions <- read.csv("data/berkeley_admissions.csv")
cells <- data.frame(
  gender = factor(admissions$gender, c("Male", "Female")),
  department = factor(admissions$department, LETTERS[1:6]),
  successes = admissions$admitted,
  trials = admissions$applicants
)

models <- list(
  pooled = fit_model(~ 1 + gender, cells),
  interaction = fit_model(~ gender * department, cells),
  multilevel = fit_model(~ gender + (1 + gender | department), cells),
  beta_binomial = fit_model(~ gender + (1 | department), cells, beta_binomial()),
  probit = fit_model(~ gender + (1 | department), cells, binomial("probit")),
  cloglog = fit_model(~ gender + (1 | department), cells, binomial("cloglog"))
)

write_reference(models, cells, "tests/reference/berkeley_admissions.json")
