// Multilevel regression of successes among trials, one row per cell:
//   successes ~ binomial(trials, rate), or beta_binomial(trials, rate phi, (1 - rate) phi)
//   link(rate) = intercept + (X - X_at) slope + sum over terms Z effect
//   effects of a term's level ~ multi_normal(0, diag(sd) correlation diag(sd))
// Any population-level design matrix, any number of group-level terms; link, priors, and
// whether an effect is sampled centred, are data.
functions {
  #include functions/correlation.stanfunctions
  #include functions/effect.stanfunctions
  
  #include functions/likelihood.stanfunctions
  
  #include functions/prior.stanfunctions
}
data {
  int<lower=1> N; // cells
  array[N] int<lower=0> trials;
  array[N] int<lower=0> successes;
  int<lower=0, upper=1> prior_only; // leave the likelihood out
  int<lower=1, upper=3> link; // 1 logit, 2 probit, 3 complementary log-log
  int<lower=0, upper=1> overdispersed; // whether there is a phi
  
  int<lower=0, upper=1> has_intercept;
  int<lower=0> K; // slopes
  matrix[N, K] X; // population-level predictors, without the intercept
  vector[K] X_at; // where the intercept's prior holds
  
  int<lower=0> T; // group-level terms
  int<lower=0> E; // effects: levels x coefficients, over all terms
  array[T] int<lower=1> levels; // levels of each term's grouping factor
  array[T] int<lower=1> coefs; // coefficients of each term
  array[T, N] int<lower=1> level; // level of each cell
  matrix[N, sum(coefs)] Z; // group-level predictors, term after term
  // population-level coefficient that an effect varies about: 1 intercept, 1 + k slope k, 0 none
  array[sum(coefs)] int<lower=0, upper=1 + K> partner;
  vector<lower=0, upper=1>[E] centring; // of each effect
  vector<lower=0>[sum(coefs)] unit; // the spread of each coefficient's effects that is expected
  
  array[has_intercept] int<lower=0, upper=2> intercept_family;
  vector[has_intercept] intercept_location;
  vector<lower=0>[has_intercept] intercept_scale;
  vector<lower=0>[has_intercept] intercept_df;
  array[K] int<lower=0, upper=2> slope_family;
  vector[K] slope_location;
  vector<lower=0>[K] slope_scale;
  vector<lower=0>[K] slope_df;
  array[sum(coefs)] int<lower=0, upper=3> sd_family;
  vector[sum(coefs)] sd_location;
  vector<lower=0>[sum(coefs)] sd_scale;
  vector<lower=0>[sum(coefs)] sd_df;
  vector<lower=0>[T] lkj_shape;
  array[overdispersed] int<lower=0, upper=3> phi_family;
  vector[overdispersed] phi_location;
  vector<lower=0>[overdispersed] phi_scale;
  vector<lower=0>[overdispersed] phi_df;
}
transformed data {
  matrix[N, K] X_centred = X - rep_matrix(X_at', N);
  real orders = 0; // log of the ways to order the outcomes of every cell
  array[T + 1] int coef_before = rep_array(0, T + 1); // coefficients before each term
  array[T + 1] int effect_before = rep_array(0, T + 1);
  array[T] int partials; // correlations of each term
  array[T + 1] int partial_before = rep_array(0, T + 1);
  for (t in 1 : T) {
    coef_before[t + 1] = coef_before[t] + coefs[t];
    effect_before[t + 1] = effect_before[t] + levels[t] * coefs[t];
    partials[t] = (coefs[t] * (coefs[t] - 1)) %/% 2;
    partial_before[t + 1] = partial_before[t] + partials[t];
  }
  for (n in 1 : N) {
    orders += lchoose(trials[n], successes[n]);
  }
}
parameters {
  vector[has_intercept] intercept; // at X_at, on the scale of the link
  vector[K] slope;
  vector<lower=0>[sum(coefs)] sd;
  vector<lower=-1, upper=1>[partial_before[T + 1]] partial;
  vector[E] sampled; // term by term, coefficient by coefficient
  vector<lower=0>[overdispersed] phi; // the larger, the nearer to a binomial
}
transformed parameters {
  // coefficients with every predictor at 0; the intercept is 0 where the model has none
  vector[1 + K] population = append_row(sum(intercept) - dot_product(X_at, slope), slope);
  vector[E] effect; // deviations, in the order of sampled
  real effect_density = 0;
  for (t in 1 : T) {
    int L = levels[t];
    int M = coefs[t];
    vector[M] about = partner_values(population, segment(partner, coef_before[t] + 1, M));
    vector[M] spread = part(unit, coef_before[t], M);
    vector[M] scale = part(sd, coef_before[t], M);
    vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
    matrix[M, M] factor = diag_pre_multiply(scale, partial_to_cholesky(below, M));
    matrix[L, M] weight = part_as_matrix(centring, effect_before[t], L, M);
    matrix[L, M] drawn = part_as_matrix(sampled, effect_before[t], L, M);
    matrix[L, M] standard = standardised_effects(drawn, weight, spread, about, factor);
    effect[(effect_before[t] + 1) : effect_before[t + 1]] = to_vector(standard * factor');
    effect_density += sampled_effects_lpdf(standard | weight, factor);
  }
}
model {
  target += prior_lpdf(intercept | intercept_family, intercept_location, intercept_scale, intercept_df);
  target += prior_lpdf(slope | slope_family, slope_location, slope_scale, slope_df);
  target += positive_prior_lpdf(sd | sd_family, sd_location, sd_scale, sd_df);
  target += positive_prior_lpdf(phi | phi_family, phi_location, phi_scale, phi_df);
  target += effect_density;
  for (t in 1 : T) {
    vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
    target += partial_lkj_lpdf(below | coefs[t], lkj_shape[t]);
  }
  if (!prior_only) {
    vector[N] eta = sum(intercept) + X_centred * slope;
    for (t in 1 : T) {
      int M = coefs[t];
      matrix[levels[t], M] deviation = part_as_matrix(effect, effect_before[t], levels[t], M);
      eta += rows_dot_product(block(Z, 1, coef_before[t] + 1, N, M), deviation[level[t]]);
    }
    if (link == 1 && !overdispersed) {
      target += binomial_logit_lpmf(successes | trials, eta);
    } else {
      target += orders + sequence_lpmf(successes | trials, log_rates(eta, link), phi);
    }
  }
}
generated quantities {
  vector[partial_before[T + 1]] correlation; // below the diagonal, row by row
  for (t in 1 : T) {
    vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
    for (i in 1 : partials[t]) {
      correlation[partial_before[t] + i] = partial_to_correlation(below, coefs[t])[i];
    }
  }
}

