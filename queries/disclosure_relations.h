// Every count of an analysis, and every sum that they are in: what disclosure control
// knows of the figures. Whoever adds a count to Analysis adds it here.

#ifndef CIVLOG_QUERIES_DISCLOSURE_RELATIONS_H_
#define CIVLOG_QUERIES_DISCLOSURE_RELATIONS_H_

#include <vector>

#include "queries/analysis.h"
#include "queries/disclosure_table.h"

namespace civlog {

// Adds the counts of analyses that are published together, and what ties them. They
// outlive the table.
void AddAnalyses(const std::vector<Analysis*>& analyses, DisclosureTable* table);

}  // namespace civlog

#endif  // CIVLOG_QUERIES_DISCLOSURE_RELATIONS_H_
