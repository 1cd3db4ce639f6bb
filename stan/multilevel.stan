// Multilevel regression of successes among trials, one row per cell:
//   successes ~ binomial(trials, rate), or beta_binomial(trials, rate phi, (1 - rate) phi)
//   link(rate) = intercept + (X - X_at) slope + sum over terms Z effect
//   effects of a term's level ~ multi_normal(0, diag(sd) correlation diag(sd))
// Any population-level design matrix, any number of group-level terms; link, priors, and how
// effects are sampled, are data.
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
  // how effects are sampled, see standardised_effects
  int<lower=E> I; // entries of information: levels x (lower triangle, row by row), over all terms
  vector[I] information;
  vector[E] pull;
  vector<lower=0, upper=1>[E] prior_weight;
  array[T] int<lower=1, upper=T> order; // of terms, those that are swept into others before them
  // coefficient of another term that takes up the means of effects by group, 0 none; the group of
  // each term's levels is the other term's level, or 1 where all its levels take up the one mean
  array[sum(coefs)] int<lower=0, upper=sum(coefs)> swept_into;
  array[sum(levels)] int<lower=1, upper=max(append_array(levels, {1}))> group;
  
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
  real orders = 0; // log of the ways to order the outcomes of every cell
  array[T + 1] int coef_before = rep_array(0, T + 1); // coefficients before each term
  array[T + 1] int level_before = rep_array(0, T + 1);
  array[T + 1] int effect_before = rep_array(0, T + 1);
  array[sum(coefs)] int first; // effect of each coefficient
  array[sum(coefs)] int last;
  array[T] int partials; // correlations of each term
  array[T + 1] int partial_before = rep_array(0, T + 1);
  array[T] int entries; // of the information on a level
  array[T + 1] int entry_before = rep_array(0, T + 1);
  for (t in 1 : T) {
    coef_before[t + 1] = coef_before[t] + coefs[t];
    level_before[t + 1] = level_before[t] + levels[t];
    effect_before[t + 1] = effect_before[t] + levels[t] * coefs[t];
    for (m in 1 : coefs[t]) {
      first[coef_before[t] + m] = effect_before[t] + (m - 1) * levels[t] + 1;
      last[coef_before[t] + m] = effect_before[t] + m * levels[t];
    }
    partials[t] = (coefs[t] * (coefs[t] - 1)) %/% 2;
    partial_before[t + 1] = partial_before[t] + partials[t];
    entries[t] = partials[t] + coefs[t];
    entry_before[t + 1] = entry_before[t] + levels[t] * entries[t];
  }
  for (n in 1 : N) {
    orders += lchoose(trials[n], successes[n]);
  }
}
parameters {
  vector[has_intercept] intercept; // at X_at, on the scale of the link, with what is swept into it
  vector[K] slope; // with what is swept into them
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
  {
    vector[E] taken_up = rep_vector(0, E);
    for (t in order) {
      int L = levels[t];
      int M = coefs[t];
      array[M] int i = linspaced_int_array(M, coef_before[t] + 1, coef_before[t + 1]);
      array[L] int by = segment(group, level_before[t] + 1, L);
      vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
      matrix[M, M] factor = diag_pre_multiply(sd[i], partial_to_cholesky(below, M));
      matrix[L, entries[t]] told = part_as_matrix(information, entry_before[t], L, entries[t]);
      matrix[L, M] towards = part_as_matrix(pull, effect_before[t], L, M);
      matrix[L, M] weight = part_as_matrix(prior_weight, effect_before[t], L, M);
      matrix[L, M] drawn = part_as_matrix(sampled, effect_before[t], L, M);
      matrix[L, M] about = part_as_matrix(taken_up, effect_before[t], L, M)
                           + rep_matrix(partner_values(population, partner[i])', L);
      matrix[L, entries[t]] root = posterior_root(told, weight, factor);
      matrix[L, M] standard = standardised_effects(drawn, told, towards, about, swept_into[i],
                                                   by, root, factor);
      matrix[L, M] deviation = standard * factor';
      effect[(effect_before[t] + 1) : effect_before[t + 1]] = to_vector(deviation);
      effect_density += sampled_effects_lpdf(standard | swept_into[i], by, root);
      for (m in 1 : M) {
        int into = swept_into[coef_before[t] + m];
        if (into) {
          vector[L] precision = square(root[ : , place(m, m)]);
          vector[max(by)] mean = group_means(deviation[ : , m], precision, by);
          if (max(by) > 1) {
            taken_up[first[into] : last[into]] += mean;
          } else {
            taken_up[first[into] : last[into]] += mean[1];
            if (partner[into]) {
              population[partner[into]] -= mean[1];
            }
          }
        }
      }
    }
  }
}
model {
  real at = dot_product(append_row(1, X_at), population); // the intercept without what is swept in
  target += prior_lpdf(rep_vector(at, has_intercept) | intercept_family, intercept_location, intercept_scale, intercept_df);
  target += prior_lpdf(tail(population, K) | slope_family, slope_location, slope_scale, slope_df);
  target += positive_prior_lpdf(sd | sd_family, sd_location, sd_scale, sd_df);
  target += positive_prior_lpdf(phi | phi_family, phi_location, phi_scale, phi_df);
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
    vector[partials[t]] below = part(partial, partial_before[t], partials[t]);
    for (i in 1 : partials[t]) {
      correlation[partial_before[t] + i] = partial_to_correlation(below, coefs[t])[i];
    }
  }
}

