// What a part of the fake host answers with.
import type { CommandName, Commands } from "../generated/contract";

/** An answer for each command. */
export type Answers = { [N in CommandName]: (request: Commands[N]["request"]) => Commands[N]["response"] };
