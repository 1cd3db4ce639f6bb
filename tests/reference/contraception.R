# Write contraception.json: posteriors by brms and estimates by glm and lme4.
#
# Needs what fitting.R names. Run from the repository's root, about half an hour on 2 cores:
#   Rscript tests/reference/contraception.R

source("tests/reference/fitting.R")

women <- read.csv("data/contraception.csv", colClasses = c(district = "character"))
women$residence <- factor(women$residence, c("rural", "urban"))
women$children <- factor(women$children, c("0", "1", "2", "3+"))
women$successes <- as.integer(women$use == "Y")
women$trials <- 1L
# One set of cells for all models, so that the intercept's prior holds at the same place in each
cells <- aggregate(cbind(successes, trials) ~ residence + children + age + district, women, sum)
# lme4's `||` parts numeric columns but not the columns of a factor, brms's parts both; so lme4 gets
# the column that brms makes of the factor, under the name that brms gives it
cells$residenceurban <- as.numeric(cells$residence == "urban")

models <- list(
  additive = fit_model(~ residence + children + age + I(age^2), cells),
  district = fit_model(
    ~ residence + children + age + I(age^2) + (1 | district), cells,
    effects = TRUE
  ),
  nested = fit_model(~ residence + children + age + I(age^2) + (1 | district/residence), cells),
  uncorrelated = fit_model(
    ~ children + age + (1 + residence || district), cells,
    likelihood = ~ children + age + (1 + residenceurban || district)
  )
)

write_reference(models, cells, "tests/reference/contraception.json")
