// Multilevel regression of successes among trials, one row per cell:
//   successes ~ binomial(trials, rate), or beta_binomial(trials, rate phi, (1 - rate) phi)
//   link(rate) = intercept + (X - X_at) slope + sum over terms Z effect
//   effects of a term's level ~ multi_normal(0, diag(sd) correlation diag(sd))
// Any population-level design matrix, any number of group-level terms; link and priors are data.
// That is the model: what is declared under "the model", and the model block. The rest, under "how
// effects are sampled", changes neither model nor posterior, only how fast the sampler finds it;
// a reader may skip it, taking effects for standard normals times sd and correlation.
functions {
  #include functions/correlation.stanfunctions
  #include functions/effect.stanfunctions
  
  #include functions/likelihood.stanfunctions
  
  #include functions/offset.stanfunctions
  
  #include functions/prior.stanfunctions
}
data {
  // the model
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
  // one prior for each: family, location, scale, shape (see prior_lpdf)
  matrix[has_intercept, 4] intercept_prior;
  matrix[K, 4] slope_prior;
  matrix[sum(coefs), 4] sd_prior;
  matrix[overdispersed, 4] phi_prior;
  vector<lower=0>[T] lkj_shape;
  
  // how effects are sampled, see standardised_effects
  // population-level coefficient that an effect varies about: 1 intercept, 1 + k slope k, 0 none
  array[sum(coefs)] int<lower=0, upper=1 + K> population_coefficient;
  int<lower=E> I; // entries of information: levels x (lower triangle, row by row), over all terms
  vector[I] information;
  vector[E] score; // with every slope at 0
  matrix[E, K] slope_pull; // what a slope takes from the score
  vector<lower=0, upper=1>[E] prior_weight;
  // axes along which coefficients are sampled, the intercept at X_at first; none: each its own
  int<lower=0, upper=has_intercept + K> A;
  matrix[A, A] axes;
  array[T] int<lower=1, upper=T> order; // of terms, those that are swept into others before them
  // coefficient of another term that takes up the means of effects by group, 0 none; the group of
  // each term's levels is the other term's level, or 1 where all its levels take up the one mean
  array[sum(coefs)] int<lower=0, upper=sum(coefs)> absorbed_by;
  array[sum(levels)] int<lower=1, upper=max(append_array(levels, {1}))> group;
}
transformed data {
  real orders = log_orders(successes, trials);
  array[size(places_of(sd_prior, 0))] int sd_above_at = places_of(sd_prior, 0);
  array[size(places_of(sd_prior, 1))] int sd_share_at = places_of(sd_prior, 1);
  array[T] int partials = triangles(coefs, 0); // correlations of each term
  array[T] int entries = triangles(coefs, 1); // of the information on a level
  array[sum(coefs)] int rows_of = repeat_each(levels, coefs); // levels of each coefficient
  // what stands before each term, or each coefficient
  array[T + 1] int coef_before = offsets(coefs, rep_array(1, T));
  array[T + 1] int partial_before = offsets(partials, rep_array(1, T));
  array[T + 1] int level_before = offsets(levels, rep_array(1, T));
  array[T + 1] int effect_before = offsets(levels, coefs);
  array[T + 1] int entry_before = offsets(levels, entries);
  array[sum(coefs) + 1] int row_before = offsets(rows_of, rep_array(1, sum(coefs)));
}
parameters {
  vector[has_intercept] intercept; // at X_at, on the scale of the link, with what is swept into it
  vector[K] slope; // with what is swept into them; both along axes where there are any
  vector<lower=0>[size(sd_above_at)] sd_above; // those that may be anything above 0
  vector<lower=0, upper=1>[size(sd_share_at)] sd_share; // of those between two bounds, how far up
  vector<lower=-1, upper=1>[partial_before[T + 1]] partial;
  vector[E] sampled; // term by term, coefficient by coefficient
  vector<lower=0>[overdispersed] phi; // the larger, the nearer to a binomial
}
transformed parameters {
  // coefficients with every predictor at 0; the intercept is 0 where the model has none
  vector[1 + K] population = population_at_0(along(append_row(intercept, slope), axes), X_at);
  vector<lower=0>[sum(coefs)] sd = placed_values(sd_above, sd_above_at, sd_share, sd_share_at,
                                                 sd_prior);
  vector[E] effect; // deviations, in the order of sampled
  real effect_density = 0;
  {
    // how effects are sampled
    vector[E] taken_up = rep_vector(0, E);
    vector[E] pull = score - slope_pull * tail(population, K);
    for (t in order) {
      int L = levels[t];
      int M = coefs[t];
      array[M] int i = linspaced_int_array(M, coef_before[t] + 1, coef_before[t + 1]);
      array[L] int by = segment(group, level_before[t] + 1, L);
      vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
      matrix[M, M] factor = diag_pre_multiply(sd[i], partial_to_cholesky(below, M));
      matrix[L, entries[t]] known = part_as_matrix(information, entry_before[t], L, entries[t]);
      matrix[L, M] towards = part_as_matrix(pull, effect_before[t], L, M);
      matrix[L, M] weight = part_as_matrix(prior_weight, effect_before[t], L, M);
      matrix[L, M] drawn = part_as_matrix(sampled, effect_before[t], L, M);
      matrix[L, M] about = part_as_matrix(taken_up, effect_before[t], L, M)
                           + rep_matrix(population_values(population,
                                                          population_coefficient[i])',
                                        L);
      matrix[L, entries[t]] root = posterior_root(known, weight, factor);
      matrix[L, M] standard = standardised_effects(drawn, known, towards, about, absorbed_by[i],
                                                   by, root, factor);
      matrix[L, M] deviation = standard * factor';
      effect[(effect_before[t] + 1) : effect_before[t + 1]] = to_vector(deviation);
      effect_density += sampled_effects_lpdf(standard | absorbed_by[i], by, root);
      for (m in which(absorbed_by[i])) {
        int into = absorbed_by[i[m]];
        vector[L] precision = square(root[ : , place(m, m)]);
        vector[max(by)] mean = group_means(deviation[ : , m], precision, by);
        vector[rows_of[into]] others = part(taken_up, row_before[into], rows_of[into]);
        taken_up[(row_before[into] + 1) : row_before[into + 1]] = take_up(others, mean);
        population = without_mean(population, population_coefficient[into], mean);
      }
    }
  }
}
model {
  real at = dot_product(append_row(1, X_at), population); // the intercept without what is swept in
  target += prior_lpdf(rep_vector(at, has_intercept) | intercept_prior);
  target += prior_lpdf(tail(population, K) | slope_prior);
  target += positive_prior_lpdf(sd | sd_prior);
  target += positive_prior_lpdf(phi | phi_prior);
  target += effect_density;
  for (t in 1 : T) {
    vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
    target += partial_lkj_lpdf(below | coefs[t], lkj_shape[t]);
  }
  if (!prior_only) {
    vector[N] eta = population[1] + X * tail(population, K);
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
    if (partials[t]) {
      vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
      correlation[(partial_before[t] + 1) : partial_before[t + 1]] = partial_to_correlation(
                                                                   below, coefs[t]);
    }
  }
}
