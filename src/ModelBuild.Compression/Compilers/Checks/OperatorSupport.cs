using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>Describes the support of a compiler for one operator.</summary>
/// <param name="Types">The element types of the operator's data; null for all types of the compiler.</param>
/// <param name="Restriction">Returns the reason why a node is refused, or null when the compiler takes it; null for no restriction.</param>
internal sealed record OperatorSupport(IReadOnlySet<DataType>? Types = null, Func<CheckedNode, string?>? Restriction = null)
{
    /// <summary>Whether the restriction depends on the number of dimensions of the first input.</summary>
    public bool NeedsRank { get; init; }
}
