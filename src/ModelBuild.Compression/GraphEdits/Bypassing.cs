using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Removes nodes whose output equals their first input.</summary>
internal static class Bypassing
{
    /// <summary>Removes the node. Returns false if the names of graph inputs and outputs prevent it.</summary>
    public static bool Bypass(this Graph scope, NodeProto node)
    {
        var (source, result) = (node.Input[0], node.Output[0]);
        if (!scope.IsOutputAnywhere(result))
        {
            if (!scope.CanReplaceUses(result, source))
                return false;
            scope.Remove(node);
            scope.ReplaceUses(result, source);
            return true;
        }

        // The result is a graph output whose name must not change, so that the source value gets this name. The source must be renameable.
        if (
            scope.Producer(source) is not { } producer
            || !scope.Contains(producer)
            || !scope.IsOutput(result)
            || scope.IsOutputAnywhere(source)
            || !scope.IsOwnAlone(result)
        )
            return false;
        scope.Remove(node);
        scope.RenameValue(source, result);
        return true;
    }
}
