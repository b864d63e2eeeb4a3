#include "bench/log_set.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "bench/line_renderer.h"

namespace civlog::corpus {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr int64_t kLateness = 60;

}  // namespace

LogSet::LogSet(std::vector<std::unique_ptr<ByteSink>> sinks) : logs_(sinks.size()) {
  for (size_t i = 0; i < sinks.size(); ++i) {
    logs_[i].sink = std::move(sinks[i]);
    logs_[i].buffer.resize(kBufferBytes + kMaxLineBytes);
  }
}

char* LogSet::Begin(size_t i) {
  Log& log = logs_[i];
  if (log.used >= kBufferBytes) Flush(&log);
  return log.buffer.data() + log.used;
}

bool LogSet::End(size_t i, const char* end, int64_t record_time) {
  Log& log = logs_[i];
  return Append(&log, static_cast<size_t>(end - (log.buffer.data() + log.used)), record_time);
}

// The line's `size` bytes stand at the buffer's end already.
bool LogSet::Append(Log* log, size_t size, int64_t record_time) {
  log->used += size;
  log->bytes += size;
  bytes_ += size;
  ++log->lines;
  if (record_time == kNoRecord) return false;
  const bool late = log->newest != kNoRecord && record_time < log->newest - kLateness;
  log->newest = std::max(log->newest, record_time);
  return late;
}

void LogSet::EndLater(size_t i, const char* end, int64_t record_time, int64_t due) {
  const char* begin = logs_[i].buffer.data() + logs_[i].used;
  held_back_.push({due, order_++, i, record_time, std::string(begin, end)});
}

void LogSet::Release(int64_t now) {
  while (!held_back_.empty() && held_back_.top().due <= now) {
    const HeldBack& held = held_back_.top();
    std::memcpy(Begin(held.log), held.line.data(), held.line.size());
    Append(&logs_[held.log], held.line.size(), held.record_time);
    held_back_.pop();
  }
}

void LogSet::Flush(Log* log) {
  if (!log->sink->Write({log->buffer.data(), log->used})) failed_ = true;
  log->used = 0;
}

void LogSet::NextDay() {
  for (Log& log : logs_) {
    Flush(&log);
    if (!log.sink->NextDay()) failed_ = true;
  }
}

bool LogSet::Close() {
  Release(std::numeric_limits<int64_t>::max());
  for (Log& log : logs_) {
    Flush(&log);
    if (!log.sink->Close()) failed_ = true;
  }
  return !failed_;
}

}  // namespace civlog::corpus
