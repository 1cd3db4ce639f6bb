// Horseshoe on the slopes (Carvalho, Polson and Scott 2010): most are all but 0, a few are large.
data {
  int<lower=1> N;
  array[N] int<lower=0> trials;
  array[N] int<lower=0> successes;
  int<lower=0, upper=1> prior_only;
  int<lower=0> K;
  matrix[N, K] X;
}
parameters {
  real intercept;
  vector[K] raw;
  vector<lower=0>[K] local;
  real<lower=0> global;
}
transformed parameters {
  vector[1 + K] population = append_row(intercept, global * local .* raw);
}
model {
  intercept ~ normal(0, 1.5);
  raw ~ std_normal();
  local ~ student_t(3, 0, 1);
  global ~ normal(0, 0.3);
  if (!prior_only) {
    successes ~ binomial_logit(trials, population[1] + X * tail(population, K));
  }
}
