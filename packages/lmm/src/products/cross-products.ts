/** The hinge: all that the criterion needs of the data. */
export interface CrossProducts {
  readonly nobs: number;
}
