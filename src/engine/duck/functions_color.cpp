// Colors of the terminal. A color is the text that Trino shows for it: "#rrggbb", or the name of one of the eight
// colors that a terminal has by itself.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/duck/functions.h"
#include "engine/duck/row_function.h"
#include "engine/duck/value_text.h"

namespace tarn::engine {
namespace {

constexpr auto kSystemColors =
    std::to_array<std::string_view>({"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"});
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::int64_t kWidestBar = 1'000'000;

using Rgb = std::array<int, 3>;

struct Hsb {
  float hue = 0;
  float saturation = 0;
  float brightness = 0;
};

[[noreturn]] void Refuse(const std::string& message) { Fail("INVALID_FUNCTION_ARGUMENT", message); }

int HexDigit(char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto found = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
  return found == std::string_view::npos ? -1 : static_cast<int>(found);
}

std::string TextOf(const Rgb& color) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const int part : color) {
    text += kDigits[static_cast<std::size_t>(part / 16)];
    text += kDigits[static_cast<std::size_t>(part % 16)];
  }
  return text;
}

// Precondition: `text` is a color that is no name.
Rgb RgbOf(std::string_view text) {
  Rgb color{};
  for (std::size_t i = 0; i < 3; ++i) color[i] = HexDigit(text[1 + 2 * i]) * 16 + HexDigit(text[2 + 2 * i]);
  return color;
}

// #12a is #1122aa.
std::string ColorOf(std::string_view text) {
  if (std::ranges::find(kSystemColors, text) != kSystemColors.end()) return std::string(text);
  const bool digits = text.size() == 4 && text[0] == '#' &&
                      std::ranges::all_of(text.substr(1), [](char c) { return HexDigit(c) >= 0; });
  if (!digits) Refuse("Invalid color: '" + std::string(text.substr(0, 100)) + "'");
  return TextOf({HexDigit(text[1]) * 17, HexDigit(text[2]) * 17, HexDigit(text[3]) * 17});
}

std::string ColorOfParts(std::int64_t red, std::int64_t green, std::int64_t blue) {
  for (const std::int64_t part : {red, green, blue}) {
    if (part < 0 || part > 255) Refuse("A part of a color must be between 0 and 255: " + std::to_string(part));
  }
  return TextOf({static_cast<int>(red), static_cast<int>(green), static_cast<int>(blue)});
}

// The hue goes once round from 0 to 1, beginning at red.
Hsb HsbOf(const Rgb& color) {
  const auto [least, most] = std::ranges::minmax(color);
  Hsb hsb{.brightness = static_cast<float>(most) / 255.0F};
  if (most == least) return hsb;
  const auto range = static_cast<float>(most - least);
  hsb.saturation = range / static_cast<float>(most);
  const auto below = [&](std::size_t part) { return static_cast<float>(most - color[part]) / range; };
  if (color[0] == most)
    hsb.hue = below(2) - below(1);
  else if (color[1] == most)
    hsb.hue = 2.0F + below(0) - below(2);
  else
    hsb.hue = 4.0F + below(1) - below(0);
  hsb.hue /= 6.0F;
  if (hsb.hue < 0) hsb.hue += 1.0F;
  return hsb;
}

Rgb RgbOf(const Hsb& hsb) {
  const auto part = [](float value) { return static_cast<int>(std::floor(value * 255.0F + 0.5F)); };
  const int most = part(hsb.brightness);
  if (hsb.saturation == 0) return {most, most, most};
  const float turn = (hsb.hue - std::floor(hsb.hue)) * 6.0F;
  const float rest = turn - std::floor(turn);
  const int least = part(hsb.brightness * (1.0F - hsb.saturation));
  const int falling = part(hsb.brightness * (1.0F - hsb.saturation * rest));
  const int rising = part(hsb.brightness * (1.0F - hsb.saturation * (1.0F - rest)));
  switch (static_cast<int>(turn)) {
    case 0: return {most, rising, least};
    case 1: return {falling, most, least};
    case 2: return {least, most, rising};
    case 3: return {least, falling, most};
    case 4: return {rising, least, most};
    default: return {most, least, falling};
  }
}

void NeedRgb(std::string_view color, std::string_view which) {
  if (!color.starts_with('#'))
    Refuse("The " + std::string(which) + " color is not an RGB color: " + std::string(color));
}

// The color this far between two: by hue, saturation and brightness. No distance at all (0 of 0) is black, as in Trino,
// where none of the three is a number then.
Rgb Between(float fraction, std::string_view low, std::string_view high) {
  if (std::isnan(fraction)) return {};
  fraction = std::clamp(fraction, 0.0F, 1.0F);
  const Hsb from = HsbOf(RgbOf(low));
  const Hsb to = HsbOf(RgbOf(high));
  const auto mix = [&](float a, float b) { return fraction * (b - a) + a; };
  return RgbOf(Hsb{.hue = mix(from.hue, to.hue),
                   .saturation = mix(from.saturation, to.saturation),
                   .brightness = mix(from.brightness, to.brightness)});
}

std::string ColorBetween(double fraction, std::string_view low, std::string_view high) {
  NeedRgb(low, "low");
  NeedRgb(high, "high");
  return TextOf(Between(static_cast<float>(fraction), low, high));
}
std::string ColorOfValue(double value, double low, double high, std::string_view low_color,
                         std::string_view high_color) {
  return ColorBetween((value - low) / (high - low), low_color, high_color);
}

// One of a terminal's 256 colors: the eight named ones, then a cube of six steps a side.
std::string Switch(int number) { return "\x1b[38;5;" + std::to_string(number) + "m"; }
int NumberOf(const Rgb& color) {
  const auto step = [&](std::size_t part) { return color[part] * 6 / 256; };
  return 16 + step(0) * 36 + step(1) * 6 + step(2);
}
std::string Colored(std::string_view text, std::string_view color) {
  const auto* system = std::ranges::find(kSystemColors, color);
  const int number =
      system == kSystemColors.end() ? NumberOf(RgbOf(color)) : static_cast<int>(system - kSystemColors.begin());
  return Switch(number) + std::string(text) + std::string(kReset);
}

std::string ColoredBar(double share, std::int64_t width, std::string_view low, std::string_view high) {
  NeedRgb(low, "low");
  NeedRgb(high, "high");
  if (width < 0 || width > kWidestBar)
    Refuse("The width of a bar must be between 0 and 1000000: " + std::to_string(width));
  const double cells =
      std::isnan(share) ? 0 : std::clamp(share * static_cast<double>(width), 0.0, static_cast<double>(width));
  const auto count = static_cast<std::int64_t>(cells);
  std::string text;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto place = width == 1 ? 0.0F : static_cast<float>(static_cast<double>(i) / static_cast<double>(width - 1));
    text += Switch(NumberOf(Between(place, low, high))) + "\u2588";
  }
  return text + std::string(kReset) + std::string(static_cast<std::size_t>(width - count), ' ');
}
std::string Bar(double share, std::int64_t width) { return ColoredBar(share, width, "#ff0000", "#00ff00"); }

std::string RenderNumber(std::int64_t value, std::string_view color) { return Colored(std::to_string(value), color); }
std::string RenderDouble(double value, std::string_view color) {
  std::array<char, kLongestValue> text{};
  return Colored({text.data(), WriteDouble(text.data(), value)}, color);
}
std::string RenderBoolean(bool value) { return value ? Colored("\u2713", "green") : Colored("\u2717", "red"); }

}  // namespace

void RegisterColors(duckdb::ExtensionLoader& loader) {
  RegisterAll(loader, "trino_color", RowFunction("trino_color", ColorOf), RowFunction("trino_color", ColorBetween),
              RowFunction("trino_color", ColorOfValue));
  RegisterRow(loader, "trino_rgb", ColorOfParts);
  RegisterAll(loader, "trino_bar", RowFunction("trino_bar", Bar), RowFunction("trino_bar", ColoredBar));
  RegisterAll(loader, "trino_render", RowFunction("trino_render", Colored), RowFunction("trino_render", RenderNumber),
              RowFunction("trino_render", RenderDouble), RowFunction("trino_render", RenderBoolean));
}

}  // namespace tarn::engine
