using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers;

/// <summary>The result of an export: a model that has only operators and types of a compiler.</summary>
/// <param name="Model">The model.</param>
/// <param name="Changes">The rewrites, each with its number.</param>
/// <param name="Difference">The difference between its outputs and those of the original.</param>
internal sealed record ExportedModel(OnnxModel Model, IReadOnlyList<string> Changes, OutputDifference Difference);
