// What somebody can know of a portal who has the JSON of `civlog analyze --public` and
// docs/metrics.md: every count in it, and every sum that the definitions say holds.
//
// Written from the documentation, not from the engine's table, so that each finds what
// the other has forgotten.

#ifndef CIVLOG_TESTS_ORACLE_PUBLISHED_FIGURES_H_
#define CIVLOG_TESTS_ORACLE_PUBLISHED_FIGURES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace civlog::oracle {

struct Figure {
  std::string name;  // its JSON pointer; of what no file shows, words
  int64_t truth = 0;
  // As published; absent where it was kept back.
  std::optional<int64_t> published;
  bool hidden = false;     // in no file
  bool anonymous = false;  // of a breakdown that is kept back whole: nobody can tell even a 0
  std::vector<size_t> equations;

  bool kept_back() const { return !hidden && !published; }
  bool small() const { return truth >= 1 && truth <= 9; }
};

// Terms with signs that add up to 0.
struct Equation {
  struct Term {
    size_t figure = 0;
    int64_t sign = 1;
  };
  std::vector<Term> terms;
  bool is_breakdown = false;  // of the first term
};

class PublishedFigures {
 public:
  // `truth` is the same analysis without disclosure control.
  PublishedFigures(const nlohmann::json& published, const nlohmann::json& truth);

  // The sums of a department that is published together with the portal.
  void AddDepartment(const nlohmann::json& published, const nlohmann::json& truth);
  // After all of them: the portal's sums are theirs, where every service is in one.
  void TieDepartments();

  const std::vector<Figure>& figures() const { return figures_; }
  std::vector<Figure>* mutable_figures() { return &figures_; }
  const std::vector<Equation>& equations() const { return equations_; }
  // Equations that the truth does not fulfil: faults of this table.
  const std::vector<std::string>& faults() const { return faults_; }

 private:
  // The figure at a pointer, the same for the same one.
  size_t At(const std::string& pointer);
  std::vector<size_t> All(const std::string& object);
  size_t Hidden(const std::string& name, int64_t truth);
  bool Has(const std::string& pointer) const;
  void Add(const std::string& name, std::vector<size_t> total, std::vector<size_t> parts);
  void Same(const std::string& a, const std::string& b) { Add(a, {At(a)}, {At(b)}); }
  // Also where it is the same: what is missing is a hidden figure, which is returned.
  size_t AtMost(std::vector<size_t> part, std::vector<size_t> whole);
  int64_t Sum(const std::vector<size_t>& figures) const;

  void FindAnonymous();
  size_t Of(const nlohmann::json& published, const nlohmann::json& truth,
            const std::string& pointer, const std::string& name);
  void ReadLines();
  void ReadAudiences();
  void ReadVisits();
  void ReadParticipation();
  void ReadTimes();
  void ReadTime(const std::string& list, const std::string& figure, const std::string& total);
  void ReadServices();
  void ReadService(const std::string& at);
  void ReadTransaction(const std::string& at);
  void ReadSteps(const std::string& at);

  const nlohmann::json& published_;
  nlohmann::json truth_;
  std::vector<Figure> figures_;
  std::vector<Equation> equations_;
  std::vector<std::string> faults_;
  std::map<std::string, size_t> by_name_;
  std::map<std::string, std::vector<size_t>> of_departments_;  // by the portal's pointer
};

}  // namespace civlog::oracle

#endif  // CIVLOG_TESTS_ORACLE_PUBLISHED_FIGURES_H_
