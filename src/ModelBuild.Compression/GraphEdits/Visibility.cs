using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>
/// Checks names that a subgraph and an enclosing scope both define. ONNX forbids such names, but exporters write them. A rewrite that would give
/// such a name another value for one of its readers is not applied.
/// </summary>
internal static class Visibility
{
    /// <summary>Returns whether all readers of <paramref name="value"/> can read <paramref name="replacement"/> of this scope instead.</summary>
    public static bool CanReplaceUses(this Graph scope, string value, string replacement) =>
        scope.ScopeOf(replacement) is { } meant && scope.Consumers(value).All(use => ReferenceEquals(use.Graph.ScopeOf(replacement), meant));

    /// <summary>Returns whether a name is defined in this scope, and in no outer or inner scope.</summary>
    public static bool IsOwnAlone(this Graph scope, string name) =>
        scope.Parent?.ScopeOf(name) is null && scope.SelfAndSubgraphs().All(inner => ReferenceEquals(inner.ScopeOf(name), scope));
}
