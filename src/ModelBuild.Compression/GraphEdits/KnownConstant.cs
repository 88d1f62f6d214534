using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

internal static class KnownConstant
{
    /// <summary>The constant that the matching half of a rewrite has already found.</summary>
    public static TensorProto Constant(this Graph scope, string value) =>
        scope.TryGetConstant(value, out var tensor) ? tensor : throw new InvalidOperationException($"'{value}' is not constant.");
}
