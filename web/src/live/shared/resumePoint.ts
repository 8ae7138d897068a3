// SPDX-License-Identifier: Apache-2.0

/**
 * From where a stream can be resumed so that nothing is lost. That is not simply the last id: several resets come under one
 * id, and a reader that resumes there after the first of them never gets the others. So a position counts once `hb` has come,
 * and events advance it from there until the next reset.
 */
export class ResumePoint<Position> {
  private advances = false;

  constructor(private position: Position) {}

  get current(): Position {
    return this.position;
  }
  begin(place: Position): void {
    this.position = place;
    this.advances = false;
  }
  onEvent(name: string, place: Position): void {
    this.advances = name === "hb" || (this.advances && name !== "reset");
    if (this.advances) {
      this.position = place;
    }
  }
}
