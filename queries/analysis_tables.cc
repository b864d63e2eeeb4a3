#include "queries/analysis_tables.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "queries/render_query.h"

namespace civlog {
namespace {

using nlohmann::ordered_json;

std::string ValueText(const ordered_json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// What an entry of a list is called by: the first of its texts, else its number.
std::string RowName(const ordered_json& entry, size_t position) {
  if (!entry.is_object()) return ValueText(entry);
  for (const auto& [key, value] : entry.items()) {
    if (value.is_string()) return value.get<std::string>();
  }
  return std::to_string(position + 1);
}

bool IsListOfObjects(const ordered_json& value) {
  return value.is_array() && !value.empty() && value.front().is_object();
}

class CsvWriter {
 public:
  std::string Write(const ordered_json& json) {
    text_ = "table,row,figure,value\r\n";
    Object(json, "analysis", "", "");
    return std::move(text_);
  }

 private:
  void Line(const std::string& table, const std::string& row, const std::string& figure,
            const ordered_json& value) {
    absl::StrAppend(&text_, CsvCell(table), ",", CsvCell(row), ",", CsvCell(figure), ",",
                    value.is_string() ? CsvCell(value.get<std::string>()) : ValueText(value),
                    "\r\n");
  }

  // Objects within are part of the figure's name, lists tables of their own.
  void Object(const ordered_json& object, const std::string& table, const std::string& row,
              const std::string& prefix) {
    for (const auto& [key, value] : object.items()) {
      const std::string name = prefix.empty() ? key : prefix + "." + key;
      if (value.is_object()) {
        Object(value, table, row, name);
      } else if (IsListOfObjects(value)) {
        List(value, table == "analysis" ? name : table + "." + name, row);
      } else {
        Line(table, row, name, value);
      }
    }
  }

  void List(const ordered_json& list, const std::string& table, const std::string& outer) {
    size_t position = 0;
    for (const ordered_json& entry : list) {
      const std::string name = RowName(entry, position++);
      Object(entry, table, outer.empty() ? name : outer + " / " + name, "");
    }
  }

  std::string text_;
};

// The values of one line, by column.
using CsvRow = std::map<std::string, ordered_json>;

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<CsvRow> rows;

  void Set(CsvRow* row, const std::string& column, const ordered_json& value) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end()) {
      columns.push_back(column);
    }
    (*row)[column] = value;
  }

  std::string Write() const {
    std::string text;
    for (const std::string& column : columns) {
      absl::StrAppend(&text, &column == &columns.front() ? "" : ",", CsvCell(column));
    }
    text += "\r\n";
    for (const CsvRow& row : rows) {
      for (const std::string& column : columns) {
        const auto value = row.find(column);
        if (&column != &columns.front()) text += ",";
        if (value == row.end()) continue;
        text += value->second.is_string() ? CsvCell(value->second.get<std::string>())
                                          : ValueText(value->second);
      }
      text += "\r\n";
    }
    return text;
  }
};

// Every list of objects is a table, wherever it is.
class CsvFileWriter {
 public:
  std::vector<std::pair<std::string, std::string>> Write(const ordered_json& json) {
    CsvTable& figures = TableOf("figures");
    Leaves(json, "", [&](const std::string& name, const ordered_json& value) {
      CsvRow row;
      figures.Set(&row, "figure", name);
      figures.Set(&row, "value", value);
      figures.rows.push_back(std::move(row));
    });
    Lists(json, "", {});
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& [name, table] : tables_) files.emplace_back(name + ".csv", table.Write());
    return files;
  }

 private:
  using Around = std::vector<std::pair<std::string, std::string>>;  // list, and entry of it

  CsvTable& TableOf(const std::string& name) { return tables_[name]; }

  static std::string Join(const std::string& prefix, const std::string& key) {
    return prefix.empty() ? key : prefix + "." + key;
  }

  template <typename Take>
  static void Leaves(const ordered_json& object, const std::string& prefix, const Take& take) {
    for (const auto& [key, value] : object.items()) {
      if (value.is_object()) {
        Leaves(value, Join(prefix, key), take);
      } else if (!value.is_array() || (!value.empty() && !value.front().is_object())) {
        take(Join(prefix, key), value);
      }
    }
  }

  void Lists(const ordered_json& object, const std::string& prefix, const Around& around) {
    for (const auto& [key, value] : object.items()) {
      const std::string name = Join(prefix, key);
      if (value.is_object()) Lists(value, name, around);
      if (IsListOfObjects(value)) List(value, name, around);
    }
  }

  void List(const ordered_json& list, const std::string& name, const Around& around) {
    size_t position = 0;
    for (const ordered_json& entry : list) {
      CsvTable& table = TableOf(name);
      CsvRow row;
      for (const auto& [of, called] : around) table.Set(&row, of, called);
      table.Set(&row, "number", position + 1);
      Leaves(entry, "", [&](const std::string& column, const ordered_json& value) {
        table.Set(&row, column, value);
      });
      table.rows.push_back(std::move(row));
      Around within = around;
      within.emplace_back(name, RowName(entry, position++));
      Lists(entry, name, within);
    }
  }

  std::map<std::string, CsvTable> tables_;  // does not move what is in it
};

class MarkdownWriter {
 public:
  std::string Write(const ordered_json& json) {
    text_ = "# " +
            MarkdownCell(ValueText(json["portal"]["name"]).empty()
                             ? std::string("civlog")
                             : ValueText(json["portal"]["name"])) +
            "\n";
    for (const auto& [key, value] : json.items()) {
      if (value.is_object()) Object(value, key);
      if (IsListOfObjects(value)) List(value, key);
    }
    return std::move(text_);
  }

 private:
  void Heading(const std::string& name) {
    absl::StrAppend(&text_, "\n## ", MarkdownCell(name), "\n\n");
  }

  void Leaves(const ordered_json& object, const std::string& prefix) {
    for (const auto& [key, value] : object.items()) {
      const std::string name = prefix.empty() ? key : prefix + "." + key;
      if (value.is_object()) {
        Leaves(value, name);
      } else if (!value.is_array()) {
        absl::StrAppend(&text_, "| ", MarkdownCell(name), " | ", MarkdownCell(ValueText(value)),
                        " |\n");
      }
    }
  }

  void Object(const ordered_json& object, const std::string& name) {
    Heading(name);
    text_ += "| figure | value |\n| --- | ---: |\n";
    Leaves(object, "");
    for (const auto& [key, value] : object.items()) {
      if (IsListOfObjects(value)) List(value, name + "." + key);
    }
  }

  // A rate with what it is made of.
  static std::string CellText(const ordered_json& value) {
    if (!value.is_object()) return ValueText(value);
    const ordered_json none;
    const std::string rate = ValueText(value.value("value", none));
    if (rate.empty()) return "";
    return absl::StrCat(rate, " (", ValueText(value.value("numerator", none)), "/",
                        ValueText(value.value("denominator", none)), ")");
  }

  // The plain figures of the entries; what is nested has its place in the JSON.
  void List(const ordered_json& list, const std::string& name) {
    Heading(name);
    std::vector<std::string> columns;
    for (const auto& [key, value] : list.front().items()) {
      if (!value.is_array() && !value.is_object()) columns.push_back(key);
      if (value.is_object() && value.contains("value")) columns.push_back(key);
    }
    std::string rule = "|";
    text_ += "|";
    for (const std::string& column : columns) {
      absl::StrAppend(&text_, " ", MarkdownCell(column), " |");
      rule += " --- |";
    }
    absl::StrAppend(&text_, "\n", rule, "\n");
    for (const ordered_json& entry : list) {
      text_ += "|";
      for (const std::string& column : columns) {
        const ordered_json value = entry.value(column, ordered_json(nullptr));
        absl::StrAppend(&text_, " ", MarkdownCell(CellText(value)), " |");
      }
      text_ += "\n";
    }
  }

  std::string text_;
};

}  // namespace

std::string AnalysisToNdjson(const std::string& json) {
  return ordered_json::parse(json).dump(-1, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

std::string AnalysisToCsv(const std::string& json) {
  return CsvWriter().Write(ordered_json::parse(json));
}

std::vector<std::pair<std::string, std::string>> ReportToCsvFiles(const std::string& json) {
  return CsvFileWriter().Write(ordered_json::parse(json));
}

std::string AnalysisToMarkdown(const std::string& json) {
  return MarkdownWriter().Write(ordered_json::parse(json));
}

}  // namespace civlog
