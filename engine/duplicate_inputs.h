// Finds logs that are there twice: a rotated copy beside its gzip, a hard link, a
// backup, a file that two arguments name.

#ifndef CIVLOG_ENGINE_DUPLICATE_INPUTS_H_
#define CIVLOG_ENGINE_DUPLICATE_INPUTS_H_

#include <vector>

#include "engine/log_input.h"

namespace civlog {

// Leaves out each input whose decompressed content is that of another one, or the
// beginning of another one's: of two that are the same, the later by name. `problem`
// says which one is counted instead. Only inputs whose first lines are the same are
// read and compared, up to where they differ. Pipes are compared with nothing. Of a
// truncated one what can be read is compared, and its error stays said.
void LeaveOutDuplicates(std::vector<ProbedInput>* inputs);

}  // namespace civlog

#endif  // CIVLOG_ENGINE_DUPLICATE_INPUTS_H_
