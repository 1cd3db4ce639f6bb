// Multilevel logistic regression with one grouping factor, as a textbook has it. It takes the data
// of multilevel.stan, whose posterior for such a model is this one, with these priors and the
// intercept's at the reference levels.
data {
  int<lower=1> N; // cells
  array[N] int<lower=0> trials;
  array[N] int<lower=0> successes;
  int<lower=0> K; // slopes
  matrix[N, K] X; // population-level predictors, without the intercept
  array[1] int<lower=1> levels; // of the grouping factor
  array[1] int<lower=1> coefs; // that vary over its levels
  array[1, N] int<lower=1> level; // of each cell
  matrix[N, coefs[1]] Z; // group-level predictors
}
parameters {
  real intercept;
  vector[K] slope;
  vector<lower=0>[coefs[1]] sd;
  cholesky_factor_corr[coefs[1]] root; // of the correlation matrix
  matrix[coefs[1], levels[1]] standard; // effects in multiples of their sds
}
transformed parameters {
  vector[1 + K] population = append_row(intercept, slope);
  matrix[levels[1], coefs[1]] deviation = (diag_pre_multiply(sd, root) * standard)';
  vector[levels[1] * coefs[1]] effect = to_vector(deviation);
}
model {
  vector[N] eta = intercept + X * slope + rows_dot_product(Z, deviation[level[1]]);
  intercept ~ normal(0, 1.5);
  slope ~ normal(0, 1);
  sd ~ normal(0, 1);
  root ~ lkj_corr_cholesky(2);
  to_vector(standard) ~ std_normal();
  successes ~ binomial_logit(trials, eta);
}
