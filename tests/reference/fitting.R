# Fit a model with brms and with lme4 and summarise both: what the scripts beside this file share.
#
# Needs R with brms (2.18), rstan, lme4, posterior and jsonlite; on Debian
#   apt-get install r-cran-brms r-cran-rstan r-cran-lme4 r-cran-bh r-cran-rcppeigen \
#     r-cran-rcppparallel libtbb-dev
# Sourced, not run. Cells are data frames with `successes` and `trials`.

suppressPackageStartupMessages({
  library(brms)
  library(lme4)
})

# Debian's BH holds no headers of its own and leaves them to libboost-dev
if (!dir.exists(system.file("include", "boost", package = "BH"))) {
  rstan::rstan_options(boost_lib = "/usr/include")
}

SAMPLING <- list(chains = 4, warmup = 1000, draws = 4000, adapt_delta = 0.95, seed = 42)

# By brms's classes. brms puts the intercept's prior where every predictor is at its mean over the
# rows, which are cells here; the bound at 0 makes those of sd and phi half-normal and half-Cauchy.
PRIORS <- list(
  Intercept = "normal(0, 1)",
  b = "normal(0, 1)",
  sd = "normal(0, 1)",
  cor = "lkj(1)",
  phi = "cauchy(0, 100)"
)

# Right-hand side of a formula as text
right_hand_side <- function(formula) {
  gsub("\\s+", " ", paste(deparse(formula[[2]]), collapse = " "))
}

# Make `response ~ right-hand side` from `~ right-hand side`
respond <- function(response, formula) {
  as.formula(paste(response, "~", right_hand_side(formula)))
}

# Fit with brms and summarise the posterior; `effects` adds the group-level effects
fit_brms <- function(formula, cells, family, effects = FALSE) {
  formula <- bf(respond("successes | trials(trials)", formula))
  classes <- intersect(names(PRIORS), get_prior(formula, cells, family)$class)
  priors <- lapply(classes, function(class) set_prior(PRIORS[[class]], class = class))
  fit <- brm(
    formula, cells, family,
    prior = Reduce(`+`, priors),
    chains = SAMPLING$chains, cores = 2, seed = SAMPLING$seed,
    warmup = SAMPLING$warmup, iter = SAMPLING$warmup + SAMPLING$draws,
    control = list(adapt_delta = SAMPLING$adapt_delta),
    refresh = 0, silent = 2
  )

  draws <- posterior::as_draws_array(fit)
  if ("phi" %in% posterior::variables(draws)) {
    draws <- posterior::mutate_variables(draws, log_phi = log(phi))
  }
  summary <- posterior::summarise_draws(
    draws, "mean", "sd",
    mcse = posterior::mcse_mean, mcse_sd = posterior::mcse_sd,
    ~ posterior::quantile2(.x, c(0.055, 0.945)),
    posterior::default_convergence_measures()
  )
  # No reference that has not converged
  stopifnot(summary$rhat < 1.01, summary$ess_bulk > 400, summary$ess_tail > 400)

  sampler <- nuts_params(fit)
  result <- list(
    divergent = sum(subset(sampler, Parameter == "divergent__")$Value),
    largest_rhat = max(summary$rhat),
    smallest_ess = min(summary$ess_bulk, summary$ess_tail),
    estimates = as_rows(
      summary[grepl("^(b|sd|cor)_|^(log_)?phi$", summary$variable), ],
      c("mean", "sd", "mcse", "mcse_sd", "q5.5", "q94.5")
    )
  )
  if (!is.null(result$estimates$phi)) {
    # As phi grows the likelihood tends to the binomial one, not to 0, so the posterior's tail is
    # the half-Cauchy prior's and phi has no mean; its logarithm has one.
    result$estimates$phi <- result$estimates$phi[c("q5.5", "q94.5")]
  }
  if (effects) {
    levels <- summary[grepl("^r_", summary$variable), ]
    result$effects <- as_rows(levels, c("mean", "sd", "mcse", "mcse_sd"))
  }
  result
}

# Fit by maximum likelihood with glmer (Laplace), or with glm where there are no group terms
fit_likelihood <- function(formula, cells, family) {
  response <- "cbind(successes, trials - successes)"
  if (is.null(findbars(formula))) {
    fit <- glm(respond(response, formula), family, cells)
    return(list(estimates = population_rows(coef(summary(fit)))))
  }
  # At its default bobyqa stops too early where predictors differ much in scale
  precisely <- glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-8, maxfun = 1e5))
  fit <- glmer(respond(response, formula), cells, family, control = precisely)
  list(
    singular = isSingular(fit),
    messages = as.list(unlist(fit@optinfo$conv$lme4$messages)),
    estimates = c(population_rows(coef(summary(fit))), group_rows(VarCorr(fit)))
  )
}

# brms's name of a coefficient of R's
brms_name <- function(coefficient) {
  name <- gsub("[() ]", "", coefficient)
  name <- gsub("+", "P", name, fixed = TRUE)
  gsub("^", "E", name, fixed = TRUE)
}

population_rows <- function(coefficients) {
  table <- data.frame(
    variable = paste0("b_", brms_name(rownames(coefficients))),
    estimate = coefficients[, "Estimate"],
    std_error = coefficients[, "Std. Error"]
  )
  as_rows(table, c("estimate", "std_error"))
}

group_rows <- function(components) {
  table <- as.data.frame(components)
  # lme4 numbers a factor's second term (`district.1`) and names nested levels inside out
  group <- sub("\\.\\d+$", "", table$grp)
  group <- sapply(strsplit(group, ":"), function(parts) paste(rev(parts), collapse = ":"))
  single <- is.na(table$var2)
  coefficients <- ifelse(
    single, brms_name(table$var1), paste0(brms_name(table$var1), "__", brms_name(table$var2))
  )
  table$variable <- paste0(ifelse(single, "sd_", "cor_"), group, "__", coefficients)
  table$estimate <- table$sdcor
  as_rows(table, "estimate")
}

# A table as a list by its `variable`, each holding the named columns
as_rows <- function(table, columns) {
  rows <- lapply(seq_len(nrow(table)), function(i) as.list(table[i, columns, drop = FALSE]))
  setNames(rows, table$variable)
}

# Fit one model every way it can be; `likelihood` is lme4's formula where it must differ from brms's
fit_model <- function(formula, cells, family = binomial(), likelihood = formula, effects = FALSE) {
  message("fitting ", right_hand_side(formula), ", ", family$family, " ", family$link)
  result <- list(
    formula = right_hand_side(formula),
    family = family$family,
    link = family$link,
    brms = fit_brms(formula, cells, family, effects)
  )
  if (family$family == "binomial") {
    method <- if (is.null(findbars(formula))) "glm" else "glmer"
    result[[method]] <- fit_likelihood(likelihood, cells, family)
  }
  result
}

# Write an analysis' models with all they rest on, one line per estimate
write_reference <- function(models, cells, path) {
  packages <- c("brms", "rstan", "StanHeaders", "lme4", "posterior")
  versions <- lapply(setNames(nm = packages), function(name) as.character(packageVersion(name)))
  reference <- list(
    software = c(list(R = as.character(getRversion())), versions),
    sampling = SAMPLING,
    priors = PRIORS,
    cells = list(
      number = nrow(cells), trials = sum(cells$trials), successes = sum(cells$successes)
    ),
    models = models
  )
  json <- jsonlite::toJSON(reference, digits = I(6), auto_unbox = TRUE, pretty = TRUE)
  innermost <- gregexpr("\\{[^{}]*\\}", json)
  regmatches(json, innermost) <- lapply(regmatches(json, innermost), gsub,
    pattern = "\\s*\n\\s*", replacement = " "
  )
  writeLines(gsub("\\{ (.*?) \\}", "{\\1}", json), path)
}
