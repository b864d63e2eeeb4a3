#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parsers/byte_source.h"

namespace civlog {
namespace {

namespace fs = std::filesystem;

bool IsHidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.size() > 1 && name.front() == '.';
}

// Collects files, each once, whatever its names.
class Expansion {
 public:
  void Add(const std::string& argument) {
    struct stat info;
    if (argument == "-") {
      AddFile("-", "(stdin)", false);
    } else if (::stat(argument.c_str(), &info) == 0) {
      AddPath(argument, info);
    } else if (const int error = errno;
               argument.find_first_of("*?[") != std::string::npos && error == ENOENT) {
      AddPattern(argument);
    } else {
      NoteFolderOf(argument);
      AddError(argument, error);
    }
  }

  InputList Take() {
    std::sort(list_.files.begin(), list_.files.end(),
              [](const InputFile& a, const InputFile& b) { return a.name < b.name; });
    std::sort(list_.directories.begin(), list_.directories.end());
    list_.directories.erase(std::unique(list_.directories.begin(), list_.directories.end()),
                            list_.directories.end());
    return std::move(list_);
  }

 private:
  void AddError(const std::string& argument, int error) {
    const std::string message = error == ENOENT
                                    ? absl::StrCat(argument, ": no such file; check the name")
                                    : absl::StrCat(argument, ": ", std::strerror(error));
    list_.errors.push_back(error == ENOENT   ? absl::NotFoundError(message)
                           : error == EACCES ? absl::PermissionDeniedError(message)
                                             : absl::UnavailableError(message));
  }

  void AddPath(const std::string& path, const struct stat& info) {
    if (S_ISDIR(info.st_mode)) {
      AddDirectory(path);
    } else {
      AddFile(path, path, false);
    }
  }

  void AddFile(const std::string& path, const std::string& name, bool from_directory) {
    struct stat info;
    if (path != "-" && ::stat(path.c_str(), &info) == 0 &&
        !seen_.emplace(info.st_dev, info.st_ino).second) {
      return;
    }
    if (path == "-" && std::exchange(seen_stdin_, true)) return;
    list_.files.push_back({path, name, from_directory});
    NoteFolderOf(path);
  }

  // Where a file by this name is, and where a link leads to.
  void NoteFolderOf(const std::string& path) {
    if (path == "-") return;
    list_.directories.push_back(FolderOf(path));
    std::error_code error;
    if (!fs::is_symlink(path, error)) return;
    const fs::path real = fs::canonical(path, error);
    if (!error) list_.directories.push_back(FolderOf(real));
  }

  static std::string FolderOf(const fs::path& path) {
    const std::string folder = path.parent_path().string();
    return folder.empty() ? "." : folder;
  }

  // The directories that have what a pattern's components match.
  void NoteFoldersOfPattern(const std::string& pattern) {
    for (size_t slash = pattern.find('/', 1); slash != std::string::npos;
         slash = pattern.find('/', slash + 1)) {
      const std::string front = pattern.substr(0, slash);
      if (front.find_first_of("*?[") == std::string::npos) continue;
      NoteFolderOf(front);
      glob_t matches;
      if (::glob(front.c_str(), GLOB_ONLYDIR, nullptr, &matches) == 0) {
        list_.directories.insert(list_.directories.end(), matches.gl_pathv,
                                 matches.gl_pathv + matches.gl_pathc);
      }
      ::globfree(&matches);
    }
    if (FolderOf(pattern).find_first_of("*?[") == std::string::npos) NoteFolderOf(pattern);
  }

  void AddPattern(const std::string& pattern) {
    NoteFoldersOfPattern(pattern);
    glob_t matches;
    const int result = ::glob(pattern.c_str(), 0, nullptr, &matches);
    if (result == 0) {
      for (size_t i = 0; i < matches.gl_pathc; ++i) {
        struct stat info;
        if (::stat(matches.gl_pathv[i], &info) == 0) AddPath(matches.gl_pathv[i], info);
      }
    } else {
      list_.errors.push_back(
          absl::NotFoundError(absl::StrCat(pattern, ": matches no file; check the pattern")));
    }
    ::globfree(&matches);
  }

  void AddDirectory(const std::string& directory) {
    std::error_code error;
    fs::recursive_directory_iterator walk(directory,
                                          fs::directory_options::follow_directory_symlink, error);
    if (error) return AddError(directory, error.value());
    bool found = false;
    list_.directories.push_back(directory);
    std::set<std::pair<dev_t, ino_t>> above;
    while (!error && walk != fs::end(walk)) {
      const fs::directory_entry entry = *walk;
      struct stat info;
      const bool known = ::stat(entry.path().c_str(), &info) == 0;
      if (IsHidden(entry.path()) || !known) {
        walk.disable_recursion_pending();
      } else if (S_ISDIR(info.st_mode)) {
        // A directory met again by a link: its files are known already.
        if (!above.emplace(info.st_dev, info.st_ino).second) walk.disable_recursion_pending();
        list_.directories.push_back(entry.path().string());
      } else if (S_ISREG(info.st_mode)) {
        found = true;
        AddFile(entry.path().string(), entry.path().string(), true);
      }
      walk.increment(error);
    }
    if (error) return AddError(directory, error.value());
    if (!found) {
      list_.errors.push_back(absl::FailedPreconditionError(
          absl::StrCat(directory, ": a directory without files; name the one with the logs")));
    }
  }

  InputList list_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  bool seen_stdin_ = false;
};

}  // namespace

InputList ExpandInputs(const std::vector<std::string>& arguments) {
  Expansion expansion;
  for (const std::string& argument : arguments) expansion.Add(argument);
  return expansion.Take();
}

}  // namespace civlog
