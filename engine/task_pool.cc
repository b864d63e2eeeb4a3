#include "engine/task_pool.h"

namespace civlog {

TaskPool::TaskPool(size_t threads) {
  for (size_t thread = 1; thread < threads; ++thread) {
    threads_.emplace_back([this, thread] { Work(thread); });
  }
}

TaskPool::~TaskPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void TaskPool::TakeTasks(size_t thread, std::unique_lock<std::mutex>* lock) {
  while (next_ < count_) {
    const size_t i = next_++;
    ++running_;
    lock->unlock();
    (*task_)(thread, i);
    lock->lock();
    --running_;
  }
  if (running_ == 0) done_.notify_one();
}

void TaskPool::Work(size_t thread) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stop_ || next_ < count_; });
    if (stop_) return;
    TakeTasks(thread, &lock);
  }
}

void TaskPool::Run(size_t count, const std::function<void(size_t, size_t)>& task) {
  if (threads_.empty()) {
    for (size_t i = 0; i < count; ++i) task(0, i);
    return;
  }
  std::unique_lock<std::mutex> lock(mutex_);
  task_ = &task;
  next_ = 0;
  count_ = count;
  if (count > 1) work_.notify_all();
  TakeTasks(0, &lock);
  done_.wait(lock, [this] { return next_ >= count_ && running_ == 0; });
  count_ = next_ = 0;
}

}  // namespace civlog
