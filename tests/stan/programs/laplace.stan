// Laplace priors on slopes and on varying intercepts, of the first term only. Its functions are
// included from beside it and from the house's own.
functions {
  #include scaled.stanfunctions
  
  #include functions/likelihood.stanfunctions
}
data {
  int<lower=1> N;
  array[N] int<lower=0> trials;
  array[N] int<lower=0> successes;
  int<lower=1, upper=3> link;
  int<lower=0> K;
  matrix[N, K] X;
  int<lower=0> E;
  array[1, N] int<lower=1> level;
}
transformed data {
  vector[0] phi;
}
parameters {
  vector[1 + K] population;
  matrix[E, 1] raw; // a matrix, to keep its own names
  real<lower=0> spread;
}
transformed parameters {
  vector[E] effect = scaled(to_vector(raw), spread);
}
model {
  vector[N] eta = population[1] + X * tail(population, K) + effect[level[1]];
  population ~ double_exponential(0, 1);
  to_vector(raw) ~ double_exponential(0, 1);
  spread ~ normal(0, 1);
  target += sequence_lpmf(successes | trials, log_rates(eta, link), phi);
}
