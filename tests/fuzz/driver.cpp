// Feeds mutated inputs to LLVMFuzzerTestOneInput, the entry that a fuzz program defines. Deterministic: the same
// seed and corpus give the same inputs. Meant for programs under AddressSanitizer and UndefinedBehaviorSanitizer;
// libFuzzer itself needs clang, whose version in Debian 12 does not compile std::expected of libstdc++ 12.
//
//   fuzz_<what> --corpus PATH [--corpus PATH] [--dictionary FILE] [--seconds N] [--seed N] [--bytes N]
//   fuzz_<what> FILE        runs one input again
//
// A finding leaves its input in a file finding-<seed> of the working folder.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
// Also std::terminate, failed assertions and undefined behaviour leave their input behind.
extern "C" const char* __asan_default_options() { return "handle_abort=1:allocator_may_return_null=1"; }
extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1:abort_on_error=1"; }
#endif

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr unsigned kHangSeconds = 10;  // no input may take longer

// What a signal handler must reach: the input under test and where to leave it.
std::string current_input;
std::string finding_file;

void LeaveInput() {
  const int file = open(finding_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  const ssize_t written = write(file, current_input.data(), current_input.size());
  close(file);
  std::fprintf(stderr, "finding: %zd bytes in %s\n", written, finding_file.c_str());
}

void Hang(int) {
  std::fprintf(stderr, "an input takes more than %u s\n", kHangSeconds);
  LeaveInput();
  _exit(1);
}

void Run(const std::string& input) {
  current_input = input;
  alarm(kHangSeconds);
  // A copy on the heap of exactly this size, so that reading past its end is noticed.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  alarm(0);
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file as a whole, and each of its blocks that blank lines, or lines of ---, divide.
void AddItems(const std::string& text, std::vector<std::string>& items) {
  static constexpr std::string_view kRule = "\n---\n";
  const std::string_view divider = text.find(kRule) == std::string::npos ? "\n\n" : kRule;
  items.push_back(text);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(divider, start), text.size());
    if (std::string block = text.substr(start, end - start); block.size() < text.size()) {
      items.push_back(block.substr(0, block.find("\n----")));
    }
    start = end + divider.size();
  }
}

std::vector<std::string> ReadCorpus(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> items{"", " "};
  for (const fs::path& file : files) AddItems(ReadFile(file), items);
  return items;
}

std::vector<std::string> ReadDictionary(const fs::path& path) {
  std::vector<std::string> tokens;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) tokens.push_back(line);
  }
  return tokens;
}

class Mutator final {
 public:
  Mutator(std::vector<std::string> corpus, std::vector<std::string> dictionary, std::uint64_t seed, std::size_t bytes)
      : corpus_(std::move(corpus)), dictionary_(std::move(dictionary)), random_(seed), bytes_(bytes) {}

  std::string Next() {
    std::string input = corpus_[Below(corpus_.size())];
    for (std::size_t changes = 1 + Below(8); changes > 0; --changes) Change(input);
    if (input.size() > bytes_) input.resize(bytes_);
    return input;
  }

 private:
  std::size_t Below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  void Change(std::string& input) {
    const std::size_t at = Below(input.size() + 1);
    const std::size_t length = std::min(input.size() - at, 1 + Below(Below(4) == 0 ? 64 : 8));
    switch (Below(9)) {
      case 0:  // another byte
        if (at < input.size()) input[at] = static_cast<char>(Below(256));
        break;
      case 1:  // a flipped bit
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << Below(8)));
        break;
      case 2: input.erase(at, length); break;
      case 3:  // some bytes repeated, now and then often enough to nest deeply
        Repeat(input, at, length);
        break;
      case 4: input.resize(at); break;
      case 5: {  // the head of one and the tail of another
        const std::string& other = corpus_[Below(corpus_.size())];
        input = input.substr(0, at) + other.substr(Below(other.size() + 1));
        break;
      }
      default:  // a token, in place of some bytes or between them
        if (dictionary_.empty()) break;
        input.replace(at, Below(2) == 0 ? 0 : length,
                      (Below(2) == 0 ? " " : "") + dictionary_[Below(dictionary_.size())] + (Below(2) == 0 ? " " : ""));
    }
  }

  void Repeat(std::string& input, std::size_t at, std::size_t length) {
    const std::string piece = input.substr(at, length);
    const std::size_t times = Below(16) == 0 ? Below(2000) : 1 + Below(4);
    std::string repeated;
    for (std::size_t i = 0; i < times && repeated.size() < bytes_; ++i) repeated += piece;
    input.insert(at, repeated);
  }

  std::vector<std::string> corpus_;
  std::vector<std::string> dictionary_;
  std::mt19937_64 random_;
  std::size_t bytes_;
};

struct Options {
  std::vector<fs::path> corpus;
  fs::path dictionary;
  int seconds = 600;
  std::uint64_t seed = std::random_device()();
  std::size_t bytes = 16384;
  fs::path single;
};

Options ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (name.rfind("--", 0) != 0) {
      options.single = name;
      continue;
    }
    ++i;
    if (name == "--corpus")
      options.corpus.emplace_back(value);
    else if (name == "--dictionary")
      options.dictionary = value;
    else if (name == "--seconds")
      options.seconds = std::stoi(value);
    else if (name == "--seed")
      options.seed = std::stoull(value);
    else if (name == "--bytes")
      options.bytes = std::stoull(value);
    else
      throw std::runtime_error("there is no option " + name);
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = ReadOptions(argc, argv);
  finding_file = "finding-" + std::to_string(options.seed);
  std::signal(SIGALRM, Hang);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(LeaveInput);
#endif
  if (!options.single.empty()) {
    finding_file = "finding-again";
    Run(ReadFile(options.single));
    return 0;
  }
  const std::vector<std::string> corpus = ReadCorpus(options.corpus);
  std::printf("%zu inputs to start from, seed %llu, %d s\n", corpus.size(),
              static_cast<unsigned long long>(options.seed), options.seconds);
  std::fflush(stdout);
  for (const std::string& item : corpus) Run(item);
  Mutator mutator(corpus, ReadDictionary(options.dictionary), options.seed, options.bytes);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.seconds);
  std::uint64_t runs = 0;
  while (std::chrono::steady_clock::now() < end) {
    for (int i = 0; i < 100; ++i) Run(mutator.Next());
    runs += 100;
  }
  std::printf("%llu inputs without a finding, seed %llu\n", static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(options.seed));
  return 0;
}
