/** What the engine needs to know of a model beside its cross-products: terms, templates, names. */
export interface Design {
  readonly nobs: number;
}
