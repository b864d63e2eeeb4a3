// The state of a run as bytes, for a store: what is written is read back as it was.
//
// One function of a class, Transfer(archive), says what belongs to it, for both
// directions. Numbers have a fixed width, least significant byte first; containers begin
// with their size. What is read may be damaged: a reader that meets its end, or a size
// that cannot be, reads zeros from then on and says that it failed.

#ifndef CIVLOG_ENGINE_STATE_ARCHIVE_H_
#define CIVLOG_ENGINE_STATE_ARCHIVE_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace civlog {

static_assert(std::endian::native == std::endian::little, "states are little-endian");

namespace archive_internal {
template <typename T>
inline constexpr bool kNumber = std::is_integral_v<T> || std::is_enum_v<T>;

template <typename T>
concept KeyedContainer = requires {
  typename T::mapped_type;
};
template <typename T>
concept SetContainer = requires {
  typename T::key_type;
}
&&!KeyedContainer<T>;
template <typename T>
concept Sequence = requires(T t) {
  t.resize(1);
};
template <typename T>
concept NumberVector = Sequence<T> && kNumber<typename T::value_type> && requires(T t) {
  t.data();
};
}  // namespace archive_internal

class StateWriter {
 public:
  static constexpr bool kReads = false;

  template <typename... Ts>
  void operator()(Ts&... values) {
    (One(values), ...);
  }
  // A map whose values `make` makes when it is read.
  template <typename M, typename Make>
  void Map(M& map, Make) {
    Number(uint64_t{map.size()});
    for (auto& [key, value] : map) {
      Number(key);
      One(value);
    }
  }

  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  template <typename T>
  void Number(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }

  template <typename T>
  void One(T& value) {
    if constexpr (archive_internal::kNumber<T>) {
      Number(value);
    } else if constexpr (requires { value.Transfer(*this); }) {
      value.Transfer(*this);
    } else if constexpr (requires { value->Transfer(*this); }) {
      value->Transfer(*this);
    } else {
      Number(uint64_t{value.size()});
      if constexpr (archive_internal::NumberVector<T>) {
        bytes_.append(reinterpret_cast<const char*>(value.data()),
                      value.size() * sizeof(typename T::value_type));
      } else if constexpr (archive_internal::KeyedContainer<T>) {
        for (auto& [key, mapped] : value) {
          Number(key);
          One(mapped);
        }
      } else if constexpr (archive_internal::SetContainer<T>) {
        for (const auto& key : value) Number(key);
      } else {
        for (auto& element : value) One(element);
      }
    }
  }

  std::string bytes_;
};

class StateReader {
 public:
  static constexpr bool kReads = true;

  // `bytes` must outlive the reader.
  explicit StateReader(std::string_view bytes) : rest_(bytes) {}

  template <typename... Ts>
  void operator()(Ts&... values) {
    (One(values), ...);
  }
  template <typename M, typename Make>
  void Map(M& map, Make make) {
    for (size_t left = Size(); left > 0 && ok_; --left) {
      typename M::key_type key{};
      One(key);
      One(map.try_emplace(key, make()).first->second);
    }
  }

  // Whether everything was there so far, and nothing more is.
  bool complete() const { return ok_ && rest_.empty(); }
  bool failed() const { return !ok_; }

 private:
  // Of a container: an element takes a byte at least.
  size_t Size() {
    uint64_t size = 0;
    One(size);
    if (size > rest_.size()) ok_ = false;
    return ok_ ? static_cast<size_t>(size) : 0;
  }

  bool Take(void* to, size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return false;
    }
    if (size > 0) std::memcpy(to, rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
  }

  template <typename T>
  void One(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      uint8_t byte = 0;
      Take(&byte, 1);
      value = byte != 0;
    } else if constexpr (archive_internal::kNumber<T>) {
      if (!Take(&value, sizeof(value))) value = T();
    } else if constexpr (requires { value.Transfer(*this); }) {
      value.Transfer(*this);
    } else if constexpr (requires { value->Transfer(*this); }) {
      value->Transfer(*this);
    } else if constexpr (archive_internal::NumberVector<T>) {
      using Element = typename T::value_type;
      const size_t size = Size();
      if (size > rest_.size() / sizeof(Element)) ok_ = false;
      value.resize(ok_ ? size : 0);
      Take(value.data(), value.size() * sizeof(Element));
    } else if constexpr (archive_internal::KeyedContainer<T>) {
      value.clear();
      for (size_t left = Size(); left > 0 && ok_; --left) {
        typename T::key_type key{};
        One(key);
        One(value[key]);
      }
    } else if constexpr (archive_internal::SetContainer<T>) {
      value.clear();
      for (size_t left = Size(); left > 0 && ok_; --left) {
        typename T::key_type key{};
        One(key);
        value.insert(key);
      }
    } else {
      value.clear();
      for (size_t left = Size(); left > 0 && ok_; --left) {
        value.emplace_back();
        One(value.back());
      }
    }
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace civlog

#endif  // CIVLOG_ENGINE_STATE_ARCHIVE_H_
