using ModelBuild.Onnx;

namespace ModelBuild.Compression.GraphEdits;

/// <summary>Removes nodes whose output equals their first input.</summary>
internal static class Bypassing
{
    /// <summary>
    /// Removes a node whose output equals its first input, and connects its readers to the input. Returns false if the names of graph inputs and outputs
    /// prevent the removal.
    /// </summary>
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

        // The result of the node is a graph output, whose name must not change. Therefore the source value gets this name, which is only possible if the source
        // may be renamed.
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
