// Runs a batch of tasks on a fixed set of threads.

#ifndef CIVLOG_ENGINE_TASK_POOL_H_
#define CIVLOG_ENGINE_TASK_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace civlog {

// The caller is thread 0; a pool of one has no threads of its own. Not
// thread-safe: one caller at a time.
class TaskPool {
 public:
  // `threads` in all, 1 or more.
  explicit TaskPool(size_t threads);
  ~TaskPool();
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  size_t threads() const { return threads_.size() + 1; }

  // Calls task(thread, i) for every i in [0, count), each once, in any order and on
  // any thread (0 to threads() - 1), and returns when all are done.
  void Run(size_t count, const std::function<void(size_t thread, size_t i)>& task);

 private:
  void Work(size_t thread);
  void TakeTasks(size_t thread, std::unique_lock<std::mutex>* lock);

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  const std::function<void(size_t, size_t)>* task_ = nullptr;
  size_t next_ = 0;
  size_t count_ = 0;
  size_t running_ = 0;
  bool stop_ = false;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_TASK_POOL_H_
