/** A Float64Array that grows by doubling. */
export class GrowableFloat64 {
  private values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** The values pushed so far, as an array of exactly their number. */
  finish(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** An Int32Array that grows by doubling. */
export class GrowableInt32 {
  private values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** The values pushed so far, as an array of exactly their number. */
  finish(): Int32Array {
    return this.values.slice(0, this.length);
  }
}
