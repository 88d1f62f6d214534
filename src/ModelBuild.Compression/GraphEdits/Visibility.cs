using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>
/// Where subgraphs define a name that an enclosing scope has as well, which ONNX forbids and exporters do all the same, a rewrite that would change
/// what a name means is not made.
/// </summary>
internal static class Visibility
{
    /// <summary>Whether all that reads <paramref name="value"/> can read <paramref name="replacement"/>, as this scope means it, instead.</summary>
    public static bool CanReplaceUses(this Graph scope, string value, string replacement) =>
        scope.ScopeOf(replacement) is { } meant && scope.Consumers(value).All(use => ReferenceEquals(use.Graph.ScopeOf(replacement), meant));

    /// <summary>Whether the name is defined in this scope, and in none around it or inside it.</summary>
    public static bool IsOwnAlone(this Graph scope, string name) =>
        scope.Parent?.ScopeOf(name) is null && scope.SelfAndSubgraphs().All(inner => ReferenceEquals(inner.ScopeOf(name), scope));
}
