using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

internal static class KnownConstant
{
    /// <summary>Returns a constant that the caller has already found. Throws when the value is not constant.</summary>
    public static TensorProto Constant(this Graph scope, string value) =>
        scope.TryGetConstant(value, out var tensor) ? tensor : throw new InvalidOperationException($"'{value}' is not constant.");
}
