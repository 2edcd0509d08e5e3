#include "engine/duck/chunk_data.h"

namespace tarn::engine {

Chunk::Chunk(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Chunk::Chunk(Chunk&&) noexcept = default;
Chunk& Chunk::operator=(Chunk&&) noexcept = default;
Chunk::~Chunk() = default;

std::size_t Chunk::rows() const { return data_->rows->size(); }

}  // namespace tarn::engine
